# `cpack -G DEB` in a Release build: one package of the program, its man page, completions, documents, and the
# scripts of bench/ that need no checkout.
set(uringbench_package_version ${PROJECT_VERSION})
find_program(GIT git)
if(GIT)
  # Without a tag: the project's version, and the commit as what comes after it. An archive has no commit.
  execute_process(COMMAND ${GIT} describe --tags --match "v[0-9]*" --dirty
                  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE described
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
  if(status EQUAL 0)
    string(REGEX REPLACE "^v" "" uringbench_package_version "${described}")
  else()
    execute_process(COMMAND ${GIT} log -1 --format=%cd.%h --date=format:%Y%m%d.%H%M%S
                    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE commit
                    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
    if(status EQUAL 0 AND NOT commit STREQUAL "")
      set(uringbench_package_version "${PROJECT_VERSION}+git${commit}")
    endif()
  endif()
  # A dash would part a Debian revision from the version.
  string(REPLACE "-" "." uringbench_package_version "${uringbench_package_version}")
endif()

set(package_doc ${CMAKE_INSTALL_DATADIR}/doc/uringbench)
file(GLOB uringbench_pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md)
install(FILES ${uringbench_pages} ${PROJECT_SOURCE_DIR}/docs/samples.schema.json
        DESTINATION ${package_doc}/docs)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${package_doc})
set(maintainer "uringbench maintainers <maintainers@users.noreply.b-seed-5f582e36.example>")
# Debian's own form of a changelog, which names this version.
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/changelog
     "uringbench (${uringbench_package_version}) unstable; urgency=low\n\n"
     "  * CHANGELOG.md says what is new.\n\n -- ${maintainer}  ${now}\n")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/changelog DESTINATION ${package_doc})
install(PROGRAMS ${PROJECT_SOURCE_DIR}/bench/bisect.sh ${PROJECT_SOURCE_DIR}/bench/figures.py
        DESTINATION ${CMAKE_INSTALL_DATADIR}/uringbench/bench)
install(PROGRAMS ${PROJECT_SOURCE_DIR}/bench/containers/seccomp.py
        DESTINATION ${CMAKE_INSTALL_DATADIR}/uringbench/bench/containers)

# The licences of all that travels in the package, in one file, as Debian wants them.
file(READ ${PROJECT_SOURCE_DIR}/LICENSE uringbench_licence)
file(READ ${PROJECT_SOURCE_DIR}/src/report/html/d3-licence.txt uringbench_d3_licence)
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/copyright
     "uringbench\n\n${uringbench_licence}\n\nInside the program:\n\n${uringbench_d3_licence}\n"
     "On Debian systems the Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0.\n")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/copyright DESTINATION ${package_doc})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME uringbench)
set(CPACK_PACKAGE_VERSION ${uringbench_package_version})
set(CPACK_PACKAGE_CONTACT "${maintainer}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "finds the best way of sending bytes on this kernel")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Runs an io_uring reactor and the classic designs against one load generator
and says which way of sending bytes is best at which message size, by how
much, and why.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What the scripts need; the program itself needs none of these. lintian wants the interpreter as a dependency.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "python3:any")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "git, python3-matplotlib, bash-completion")
# Directories of everybody's umask are none of lintian's.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/compress_documents.cmake)
include(CPack)
