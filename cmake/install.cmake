# What `cmake --install` puts where. The completions and the man page are made by the program itself,
# so they cannot differ from it.
include(GNUInstallDirs)

set(uringbench_completion ${CMAKE_CURRENT_BINARY_DIR}/uringbench.bash)
set(uringbench_completion_zsh ${CMAKE_CURRENT_BINARY_DIR}/_uringbench)
set(uringbench_completion_fish ${CMAKE_CURRENT_BINARY_DIR}/uringbench.fish)
add_custom_command(
  OUTPUT ${uringbench_completion} ${uringbench_completion_zsh} ${uringbench_completion_fish}
  COMMAND uringbench completion bash > ${uringbench_completion}
  COMMAND uringbench completion zsh > ${uringbench_completion_zsh}
  COMMAND uringbench completion fish > ${uringbench_completion_fish}
  DEPENDS uringbench
  VERBATIM)
set(uringbench_generated ${uringbench_completion} ${uringbench_completion_zsh}
                         ${uringbench_completion_fish})

find_program(HELP2MAN help2man DOC "Makes the man page from --help; without it there is none")
if(HELP2MAN)
  set(uringbench_man_page ${CMAKE_CURRENT_BINARY_DIR}/uringbench.1)
  add_custom_command(
    OUTPUT ${uringbench_man_page}
    COMMAND ${HELP2MAN} --no-info --section=1 --version-string=${PROJECT_VERSION}
            "--name=find the best way of sending bytes on this kernel"
            --output=${uringbench_man_page} $<TARGET_FILE:uringbench>
    DEPENDS uringbench
    VERBATIM)
  list(APPEND uringbench_generated ${uringbench_man_page})
  install(FILES ${uringbench_man_page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
add_custom_target(uringbench_generated ALL DEPENDS ${uringbench_generated})

install(TARGETS uringbench RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${uringbench_completion}
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME uringbench)
install(FILES ${uringbench_completion_zsh} DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${uringbench_completion_fish}
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
