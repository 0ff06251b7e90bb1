#include "text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <vector>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::perf {

std::variant<std::string, Unavailable> read_text_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return Unavailable{fmt::format("{}: {}", path, describe_errno(errno))};
  std::string text;
  std::vector<char> chunk(std::size_t{64} << 10U);
  for (;;) {
    const SysResult got = from_errno(::read(file.get(), chunk.data(), chunk.size()));
    if (!got.ok()) return Unavailable{fmt::format("{}: {}", path, describe_errno(got.error))};
    if (got.value == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(got.value));
  }
}

}  // namespace ub::perf
