// seccomp_exec ERRNO CALL[,CALL…] PROGRAM [ARGUMENT…]: runs PROGRAM where each of these system
// calls fails with that number, as in a container whose seccomp profile forbids them.
#include <seccomp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
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
  if (argc < 4) return fail("needs a number, system calls and a program", EINVAL);
  const auto error = static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10));
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return fail("seccomp_init", ENOMEM);
  std::istringstream calls(argv[2]);
  for (std::string call; std::getline(calls, call, ',');) {
    const int number = ::seccomp_syscall_resolve_name(call.c_str());
    const int result = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), number, 0);
    if (number == __NR_SCMP_ERROR || result != 0) return fail(call.c_str(), EINVAL);
  }
  if (const int result = ::seccomp_load(filter); result != 0) return fail("seccomp_load", -result);
  ::seccomp_release(filter);
  ::execv(argv[3], argv + 3);
  return fail(argv[3], errno);
}
