#include "uringbench/perf/kernel_symbols.hpp"

#include <algorithm>
#include <tuple>

#include "scan.hpp"
#include "text_file.hpp"

namespace ub::perf {
namespace {

/// No function of a kernel is longer; an address further on belongs to no known one.
constexpr std::uint64_t kLongestFunctionBytes = 1U << 20U;

constexpr std::string_view kHidden =
    "/proc/kallsyms shows no addresses to this user; sysctl kernel.kptr_restrict=0 with "
    "kernel.perf_event_paranoid=1, or run as root or give the program CAP_SYSLOG (setcap "
    "cap_syslog+ep)";

/// Functions only: t and T are text, w and W weak. Data between them would only shorten their
/// reach.
bool is_function(std::string_view type) {
  return type == "t" || type == "T" || type == "w" || type == "W";
}

/// Few leading underscores first, then short, then by letter: a rule, so that every run says the
/// same.
auto plainness(std::string_view name) {
  const bool position_independent_twin = name.starts_with("__pi_");
  const std::size_t underscores = std::min(name.find_first_not_of('_'), name.size());
  return std::tuple(position_independent_twin, underscores, name.size(), name);
}

}  // namespace

std::optional<KernelSymbols::Entry> KernelSymbols::parse_line(std::string_view line) {
  const auto address = to_number<std::uint64_t>(take_word(line), 16);
  const std::string_view type = take_word(line);
  const std::string_view name = take_word(line);
  std::string_view module = take_word(line);
  if (!address || !is_function(type) || name.empty()) return std::nullopt;
  if (module.starts_with('[')) module.remove_prefix(1);
  if (module.ends_with(']')) module.remove_suffix(1);
  return Entry{*address, {name, module}};
}

std::variant<KernelSymbols, Unavailable> KernelSymbols::parse(std::string kallsyms) {
  auto text = std::make_unique<const std::string>(std::move(kallsyms));
  std::vector<Entry> entries;
  for (std::string_view rest = *text; !rest.empty();) {
    if (const auto entry = parse_line(take_until(rest, '\n'))) entries.push_back(*entry);
  }
  if (entries.empty()) return Unavailable{"/proc/kallsyms names no function"};
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    if (a.address != b.address) return a.address < b.address;
    return plainness(a.symbol.name) < plainness(b.symbol.name);
  });
  if (entries.back().address == 0) return Unavailable{std::string(kHidden)};
  const auto same = [](const Entry& a, const Entry& b) { return a.address == b.address; };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  return KernelSymbols(std::move(text), std::move(entries));
}

std::variant<KernelSymbols, Unavailable> KernelSymbols::load() {
  auto text = read_text_file("/proc/kallsyms");
  if (const auto* failed = std::get_if<Unavailable>(&text)) return *failed;
  return parse(std::get<std::string>(std::move(text)));
}

std::optional<SymbolView> KernelSymbols::find(std::uint64_t address) const {
  const auto after = std::upper_bound(
      entries_.begin(), entries_.end(), address,
      [](std::uint64_t wanted, const Entry& each) { return wanted < each.address; });
  if (after == entries_.begin()) return std::nullopt;
  const Entry& found = *std::prev(after);
  if (address - found.address > kLongestFunctionBytes) return std::nullopt;
  return found.symbol;
}

}  // namespace ub::perf
