# The page of `--format html` travels inside the program: D3 from Debian's node-d3, and the script and
# style of src/report/html. Without node-d3 the program is built without that format, and says so when
# it is asked for it.
set(uringbench_page_dir ${CMAKE_CURRENT_SOURCE_DIR}/report/html)
set(uringbench_scripts core.js state.js axes.js curves.js ratios.js why.js flames.js latency.js notifications.js trust.js
                       table.js main.js)
find_file(URINGBENCH_D3 d3.min.js PATHS /usr/share/nodejs/d3/dist NO_DEFAULT_PATH)
set(uringbench_d3 "")
set(uringbench_licences "uringbench was built without D3, so nothing of others travels in it.\n")
if(URINGBENCH_D3)
  file(READ ${URINGBENCH_D3} uringbench_d3)
  file(READ ${uringbench_page_dir}/d3-licence.txt uringbench_licences)
  if(NOT uringbench_d3 MATCHES "^// https://d3js.org v5\\.")
    message(WARNING "${URINGBENCH_D3} is not D3 version 5: built without --format html")
    set(uringbench_d3 "")
  endif()
else()
  message(STATUS "no node-d3: built without --format html (cmake/install_packages.sh build)")
endif()

set(uringbench_script "\"use strict\";\n")
foreach(name IN LISTS uringbench_scripts)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${uringbench_page_dir}/${name})
  file(READ ${uringbench_page_dir}/${name} text)
  string(APPEND uringbench_script "${text}")
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${uringbench_page_dir}/page.css
             ${uringbench_page_dir}/d3-licence.txt report/embedded_page.cpp.in)
file(READ ${uringbench_page_dir}/page.css uringbench_style)
# The page's Content-Security-Policy allows these three texts and no other.
foreach(name d3 script style)
  string(SHA256 uringbench_${name}_sha256 "${uringbench_${name}}")
endforeach()
configure_file(report/embedded_page.cpp.in embedded_page.cpp @ONLY)
target_sources(ub_report PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded_page.cpp)
set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/embedded_page.cpp PROPERTIES
  COMPILE_OPTIONS $<$<CXX_COMPILER_ID:Clang>:-Wno-overlength-strings>)  # no compiler of ours stops at 64 KiB
