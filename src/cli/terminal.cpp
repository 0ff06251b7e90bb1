#include "terminal.hpp"

#include <sys/ioctl.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace ub::cli {
namespace {

std::size_t number_in(const char* text) {
  std::size_t value = 0;
  const std::string_view view = text == nullptr ? "" : text;
  const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), value);
  return error == std::errc{} && end == view.data() + view.size() ? value : 0;
}

}  // namespace

bool takes_control_sequences() {
  const char* name = std::getenv("TERM");
  return name != nullptr && std::string_view(name) != "dumb" && !std::string_view(name).empty();
}

std::size_t columns_of(int fd, std::size_t usual) {
  constexpr std::size_t kLeast = 20;
  winsize size{};
  std::size_t columns = ::ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
  if (columns == 0) columns = number_in(std::getenv("COLUMNS"));
  return columns == 0 ? usual : std::max(columns, kLeast);
}

}  // namespace ub::cli
