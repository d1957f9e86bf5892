# Makes generated/report/page.h: the page of a report with all that it refers to inside it.

find_file(CHART_JS chart.min.js PATH_SUFFIXES javascript/chart.js share/javascript/chart.js)
if(NOT CHART_JS)
  message(FATAL_ERROR "Chart.js, which draws the charts of reports, is not found: apt-get install libjs-chart.js "
    "(or -DCHART_JS=FILE, a chart.min.js of version 3)")
endif()

set(report_files src/report/report.html src/report/report.css src/report/report.js src/report/page.h.in)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${report_files} ${CHART_JS})
file(READ src/report/report.html report_page)

# Puts the text of `file` where the page refers to it.
function(inline_into_page file reference element)
  file(READ ${file} text)
  string(FIND "${report_page}" "${reference}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "src/report/report.html does not hold ${reference}")
  endif()
  string(REPLACE "${reference}" "<${element}>\n${text}</${element}>" report_page "${report_page}")
  set(report_page "${report_page}" PARENT_SCOPE)
endfunction()
inline_into_page(src/report/report.css [[<link rel="stylesheet" href="report.css">]] style)
inline_into_page(src/report/report.js [[<script src="report.js"></script>]] script)
inline_into_page(${CHART_JS} [[<script src="chart.min.js"></script>]] script)

configure_file(src/report/page.h.in ${PROJECT_BINARY_DIR}/generated/report/page.h @ONLY)
