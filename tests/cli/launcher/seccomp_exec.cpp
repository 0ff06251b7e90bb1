// seccomp_exec CALL[,CALL…] PROGRAM [ARGUMENT…]: runs PROGRAM where each of these system calls
// fails with EPERM, as in a container whose seccomp profile forbids them.
#include <seccomp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>
#include <string>

namespace {

int fail(const char* what, int error) {
  std::fprintf(stderr, "seccomp_exec: %s: %s\n", what, std::strerror(error));
  return 125;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return fail("needs system calls and a program", EINVAL);
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return fail("seccomp_init", ENOMEM);
  std::istringstream calls(argv[1]);
  for (std::string call; std::getline(calls, call, ',');) {
    const int number = ::seccomp_syscall_resolve_name(call.c_str());
    const int result = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
    if (number == __NR_SCMP_ERROR || result != 0) return fail(call.c_str(), EINVAL);
  }
  if (const int result = ::seccomp_load(filter); result != 0) return fail("seccomp_load", -result);
  ::seccomp_release(filter);
  ::execv(argv[2], argv + 2);
  return fail(argv[2], errno);
}
