# What is installed: the program; the library, with headers and a CMake package; and, for python/setup.py alone, what a
# wheel holds. Each is a component: cmake --install FOLDER --component program|library|wheel.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# What is installed finds the LibTorch that it was built with.
set_target_properties(autoencoder PROPERTIES INSTALL_RPATH ${TORCH_INSTALL_PREFIX}/lib)
install(TARGETS autoencoder RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)

# --- the library: tasks, and all below them ---

file(GENERATE OUTPUT nothing.cpp CONTENT "")  # CMake wants a file that is the library's own
add_library(library SHARED ${CMAKE_CURRENT_BINARY_DIR}/nothing.cpp)
set_target_properties(library PROPERTIES
  OUTPUT_NAME autoencoder EXPORT_NAME autoencoder VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} INSTALL_RPATH ${TORCH_INSTALL_PREFIX}/lib)
# Families, formats and pictures register themselves: those who link it have them all.
target_link_libraries(library PRIVATE "$<LINK_LIBRARY:WHOLE_ARCHIVE,tasks>")
target_compile_features(library INTERFACE cxx_std_20)
target_include_directories(library INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
add_dependencies(autoencoder library)  # so that what is installed has been built

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/autoencoder)
configure_package_config_file(src/install/autoencoderConfig.cmake.in ${PROJECT_BINARY_DIR}/autoencoderConfig.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/autoencoderConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(TARGETS library EXPORT autoencoder LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
install(EXPORT autoencoder NAMESPACE autoencoder:: FILE autoencoderTargets.cmake DESTINATION ${package_folder} COMPONENT library)
install(FILES ${PROJECT_BINARY_DIR}/autoencoderConfig.cmake ${PROJECT_BINARY_DIR}/autoencoderConfigVersion.cmake
  DESTINATION ${package_folder} COMPONENT library)
install(CODE "set(source \"${PROJECT_SOURCE_DIR}\")\nset(include \"${CMAKE_INSTALL_INCLUDEDIR}\")" COMPONENT library)
install(SCRIPT src/install/headers.cmake COMPONENT library)

# --- a wheel: a program that finds its libraries beside it, and LibTorch in the package torch ---

add_executable(wheel_program EXCLUDE_FROM_ALL src/main.cpp)
target_link_libraries(wheel_program PRIVATE "$<LINK_LIBRARY:WHOLE_ARCHIVE,app>")
# The older kind of path counts for the libraries of its libraries as well.
target_link_options(wheel_program PRIVATE -Wl,--disable-new-dtags)
set_target_properties(wheel_program PROPERTIES
  OUTPUT_NAME autoencoder RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/wheel WITHOUT_MPI ON
  INSTALL_RPATH "$ORIGIN/../lib;$ORIGIN/../../torch/lib")
install(TARGETS wheel_program RUNTIME DESTINATION bin COMPONENT wheel EXCLUDE_FROM_ALL)
set(loaded "")
if(has_onednn)  # which is loaded by its name, not linked
  file(REAL_PATH ${ONEDNN_LIBRARY} loaded)
  string(REGEX REPLACE "(\\.so\\.[0-9]+).*" "\\1" loaded ${loaded})
endif()
install(CODE "set(program \"$<TARGET_FILE:wheel_program>\")\nset(loaded \"${loaded}\")" COMPONENT wheel EXCLUDE_FROM_ALL)
install(SCRIPT src/install/wheel.cmake COMPONENT wheel EXCLUDE_FROM_ALL)
file(WRITE ${PROJECT_BINARY_DIR}/wheel/torch_version.txt ${Torch_VERSION})
find_file(DEJAVU_FONT DejaVuSans.ttf PATH_SUFFIXES fonts/truetype/dejavu share/fonts/truetype/dejavu)
if(DEJAVU_FONT)
  install(FILES ${DEJAVU_FONT} src/install/fonts.conf DESTINATION fonts COMPONENT wheel EXCLUDE_FROM_ALL)
endif()
