# Installs the headers as <autoencoder/FOLDER/NAME.h>. In them includes begin with autoencoder/, too: a project that
# uses them may have a folder common/ or data/ of its own.
set(folders models common data run training evaluation compression export pictures report tasks)
list(JOIN folders "|" any_folder)
foreach(folder ${folders})
  set(root ${source}/src)
  if(folder STREQUAL "models")
    set(root ${source})
  endif()
  file(GLOB_RECURSE headers RELATIVE ${root} ${root}/${folder}/*.h)
  foreach(header ${headers})
    file(READ ${root}/${header} text)
    string(REGEX REPLACE "#include \"(${any_folder})/" "#include \"autoencoder/\\1/" text "${text}")
    if(NOT text MATCHES "#include <opencv2/")  # a library that ours keeps to itself
      file(WRITE $ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/${include}/autoencoder/${header} "${text}")
    endif()
  endforeach()
endforeach()
