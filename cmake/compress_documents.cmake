# Run by cpack on what it has gathered: Debian wants man pages and changelogs compressed, without a time in them.
file(GLOB_RECURSE pages ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/uringbench.1
                        ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/changelog)
foreach(page IN LISTS pages)
  execute_process(COMMAND gzip -9nf ${page} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
