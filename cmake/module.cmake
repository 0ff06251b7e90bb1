# One static library a module. A module links only modules that stand above it in docs/architecture.md;
# tests/arrows.cmake also holds the #include lines against the same list.
set(uringbench_warnings
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Werror)

add_library(uringbench_flags INTERFACE)
target_compile_features(uringbench_flags INTERFACE cxx_std_20)
target_compile_options(uringbench_flags INTERFACE ${uringbench_warnings})
target_include_directories(uringbench_flags INTERFACE ${PROJECT_SOURCE_DIR}/include)
# Frame pointers cost about 1 % and make every profile of the program readable.
target_compile_options(uringbench_flags INTERFACE -fno-omit-frame-pointer)
if(URINGBENCH_SANITIZE)
  # vptr looks at memory through a pipe, so it fails wherever a test has used up the descriptors.
  target_compile_options(uringbench_flags INTERFACE -fsanitize=address,undefined -fno-sanitize=vptr
                                                    -fno-sanitize-recover=all)
  target_link_options(uringbench_flags INTERFACE -fsanitize=address,undefined)
endif()

if(URINGBENCH_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "URINGBENCH_FUZZ needs libFuzzer, which is clang's: -D CMAKE_CXX_COMPILER=clang++-14")
  endif()
  # A finding is whatever a sanitizer says; fuzzer-no-link counts what an input reached.
  target_compile_options(uringbench_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined
                                                    -fno-sanitize=vptr -fno-sanitize-recover=all)
  target_link_options(uringbench_flags INTERFACE -fsanitize=address,undefined)
endif()

# Half of a compile reads the headers of the libraries and of the standard. Off by default: a file must say what it
# includes, and only a build without precompiled headers sees that it does.
set(uringbench_common_headers
    <fmt/format.h> <fmt/ranges.h> <nlohmann/json.hpp> <algorithm> <array> <filesystem> <functional> <map> <optional>
    <set> <span> <string> <unordered_map> <variant> <vector>)

# uringbench_precompiled(<target> HEADERS <headers...> LIBRARIES <targets...> OPTIONS <options...>): the headers, once,
# for the targets of uringbench_uses_precompiled(), which compile with the same options.
function(uringbench_precompiled target)
  cmake_parse_arguments(arg "" "" "HEADERS;LIBRARIES;OPTIONS" ${ARGN})
  if(URINGBENCH_PRECOMPILED)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp "")
    add_library(${target} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
    target_link_libraries(${target} PRIVATE uringbench_flags fmt::fmt nlohmann_json::nlohmann_json Threads::Threads
                                            ${arg_LIBRARIES})
    target_compile_options(${target} PRIVATE ${arg_OPTIONS})
    target_precompile_headers(${target} PRIVATE ${uringbench_common_headers} ${arg_HEADERS})
  endif()
endfunction()

function(uringbench_uses_precompiled target precompiled)
  if(URINGBENCH_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM ${precompiled})
  endif()
endfunction()

# uringbench_module(<name> DEPENDS <modules...> LIBRARIES <targets...>)
function(uringbench_module name)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  add_library(ub_${name} STATIC ${sources})
  list(TRANSFORM arg_DEPENDS PREPEND ub_)
  target_link_libraries(ub_${name} PUBLIC uringbench_flags ${arg_DEPENDS} ${arg_LIBRARIES})
  target_include_directories(ub_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  if(NOT name IN_LIST uringbench_optimized)
    uringbench_uses_precompiled(ub_${name} uringbench_module_headers)
  endif()
endfunction()
