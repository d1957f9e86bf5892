# Puts the libraries that the program needs into lib/ of a wheel, by the names by which they are looked for: a wheel holds
# no links. All but what the package torch brings, or needs itself of the system.
file(GET_RUNTIME_DEPENDENCIES
  EXECUTABLES ${program} LIBRARIES ${loaded} RESOLVED_DEPENDENCIES_VAR found CONFLICTING_DEPENDENCIES_PREFIX twice
  PRE_EXCLUDE_REGEXES "^lib(torch|c10)" "^ld-linux" "^lib(c|m|dl|rt|pthread|util|resolv|stdc\\+\\+|gcc_s)\\.so")
foreach(name ${twice_FILENAMES})  # OpenMP's, of the system and of torch
  list(GET twice_${name} 0 library)
  list(APPEND found ${library})
endforeach()
foreach(library ${found} ${loaded})
  cmake_path(GET library FILENAME name)
  file(REAL_PATH ${library} file)
  file(MAKE_DIRECTORY ${CMAKE_INSTALL_PREFIX}/lib)
  file(COPY_FILE ${file} ${CMAKE_INSTALL_PREFIX}/lib/${name} ONLY_IF_DIFFERENT)
endforeach()
