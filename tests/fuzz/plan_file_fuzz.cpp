// A file of options, as --plan takes it.
#include <sys/mman.h>
#include <unistd.h>

#include "json_lines.hpp"
#include "typed.hpp"
#include "uringbench/base/unique_fd.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ub::UniqueFd file(::memfd_create("plan", MFD_CLOEXEC));
  if (::write(file.get(), data, size) != static_cast<ssize_t>(size)) return 0;
  const std::string name = "/proc/self/fd/" + std::to_string(file.get());
  ub::fuzz::up_to_the_plan([&](CLI::App& app) {
    app.parse(std::vector<std::string>{name, "--plan"});
  });
  return 0;
}
