# Plants violations in a small tree and expects arrows.cmake to find each, and nothing else.
#   cmake -D SCRIPT=<arrows.cmake> -D SCRATCH=<folder to write in> -P tests/arrows_test.cmake
cmake_minimum_required(VERSION 3.25)

function(plant_sound_tree)
  file(REMOVE_RECURSE ${SCRATCH})
  file(WRITE ${SCRATCH}/src/CMakeLists.txt
       "# uringbench_module(commented_out)\nuringbench_module(low)\n"
       "uringbench_module(middle DEPENDS low\n  LIBRARIES fmt::fmt)\n"
       "uringbench_module(high DEPENDS middle)\nuringbench_module(aside)\n")
  file(WRITE ${SCRATCH}/include/uringbench/low/low.hpp "#include <vector>\n")
  file(WRITE ${SCRATCH}/src/high/high.cpp
       "#include \"private.hpp\"\n#include \"uringbench/low/low.hpp\"\n"
       "// #include \"uringbench/aside/aside.hpp\"\n")
  file(WRITE ${SCRATCH}/src/cli/main.cpp "#include \"uringbench/high/high.hpp\"\n")
endfunction()

function(run_arrows)
  execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${SCRIPT}
                  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  # CMake wraps long messages.
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  set(result "${result}" PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

# expect_fault(<file to write> <content> <what must be said>)
function(expect_fault file content complaint)
  plant_sound_tree()
  file(WRITE ${SCRATCH}/${file} "${content}")
  run_arrows()
  string(FIND "${output}" "${complaint}" position)
  if(result EQUAL 0 OR position EQUAL -1)
    message(FATAL_ERROR "planted in ${file}; expected '${complaint}', got (${result}): ${output}")
  endif()
endfunction()

plant_sound_tree()
run_arrows()
if(NOT result EQUAL 0 OR NOT output MATCHES "3 files of 5 modules keep to the arrows")
  message(FATAL_ERROR "a sound tree was refused (${result}): ${output}")
endif()

expect_fault(src/low/low.cpp "#include \"uringbench/middle/middle.hpp\"\n"
             "src/low/low.cpp: includes uringbench/middle/middle.hpp, but low does not link middle")
expect_fault(include/uringbench/high/high.hpp "  #  include \"uringbench/aside/aside.hpp\"\n"
             "but high does not link aside")
expect_fault(src/middle/middle.cpp "#include \"../low/secret.hpp\"\n"
             "a private header of another folder")
expect_fault(src/stray/stray.cpp "\n" "src/stray/stray.cpp: its folder is no module")
expect_fault(src/CMakeLists.txt "uringbench_module(high DEPENDS low)\nuringbench_module(low)\n"
             "high depends on low, which does not stand above it")
expect_fault(src/CMakeLists.txt "add_library(nothing)\n" "names no module")
file(REMOVE_RECURSE ${SCRATCH})
