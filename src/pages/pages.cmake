# Pages that are one file each: make_page() puts all that a page refers to inside it, and the page into a header.

find_file(CHART_JS chart.min.js PATH_SUFFIXES javascript/chart.js share/javascript/chart.js)
if(NOT CHART_JS)
  message(FATAL_ERROR "Chart.js, which draws the charts of pages, is not found: apt-get install libjs-chart.js "
    "(or -DCHART_JS=FILE, a chart.min.js of version 3)")
endif()

# Puts the text of `file` where the page refers to it.
function(inline_into_page file reference element)
  file(READ ${file} text)
  string(FIND "${page}" "${reference}" place)
  if(place EQUAL -1)
    return()
  endif()
  string(REPLACE "${reference}" "<${element}>\n${text}</${element}>" page "${page}")
  set(page "${page}" PARENT_SCOPE)
endfunction()

# make_page(FOLDER NAME NAMESPACE): src/FOLDER/NAME.html, with the style sheets and scripts of that folder and of
# src/pages inside it, becomes NAMESPACE::kPage of generated/FOLDER/NAME_page.h.
function(make_page folder name namespace)
  file(READ src/${folder}/${name}.html page)
  file(GLOB parts CONFIGURE_DEPENDS src/pages/*.css src/pages/*.js src/${folder}/*.css src/${folder}/*.js)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS src/${folder}/${name}.html src/pages/page.h.in ${parts} ${CHART_JS})
  foreach(part ${parts} ${CHART_JS})
    cmake_path(GET part FILENAME file)
    inline_into_page(${part} "<link rel=\"stylesheet\" href=\"${file}\">" style)
    inline_into_page(${part} "<script src=\"${file}\"></script>" script)
  endforeach()
  string(REGEX MATCH "(stylesheet\" href|<script src)=\"[^\"]*\"" left "${page}")
  if(left)
    message(FATAL_ERROR "src/${folder}/${name}.html refers to what is not there: ${left}")
  endif()
  set(namespace ${namespace})
  configure_file(src/pages/page.h.in ${PROJECT_BINARY_DIR}/generated/${folder}/${name}_page.h @ONLY)
endfunction()
