#include "uringbench/perf/named_chain.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace ub::perf {
namespace {

constexpr std::string_view kUnknown = "[unknown]";
constexpr std::string_view kOtherProcess = "[another process]";

std::string kernel_text(const std::optional<SymbolView>& symbol) {
  if (!symbol) return std::string(kUnknown);
  if (symbol->module.empty()) return std::string(symbol->name);
  return fmt::format("{} [{}]", symbol->name, symbol->module);
}

std::string user_text(const std::optional<UserSymbol>& symbol) {
  if (!symbol) return std::string(kUnknown);
  return symbol->name.empty() ? fmt::format("[{}]", symbol->module) : symbol->name;
}

/// All addresses of a chain but the leaf's are those to return to, one past the call: the
/// instruction there can already belong to the next function.
std::uint64_t call_site(std::uint64_t address, bool leaf) {
  return leaf ? address : address - 1;
}

}  // namespace

ChainNamer::ChainNamer(KernelSymbols kernel, std::optional<UserSymbols> user)
    : kernel_(std::move(kernel)), user_(std::move(user)) {}

std::variant<ChainNamer, Unavailable> ChainNamer::of_this_process() {
  auto kernel = KernelSymbols::load();
  if (const auto* missing = std::get_if<Unavailable>(&kernel)) return *missing;
  auto user = UserSymbols::of_this_process();
  std::optional<UserSymbols> found;
  if (auto* symbols = std::get_if<UserSymbols>(&user)) found = std::move(*symbols);
  return ChainNamer(std::get<KernelSymbols>(std::move(kernel)), std::move(found));
}

std::string_view ChainNamer::kernel_name(std::uint64_t address) {
  const auto known = kernel_names_.find(address);
  if (known != kernel_names_.end()) return known->second;
  return kernel_names_.emplace(address, kernel_text(kernel_.find(address))).first->second;
}

std::string_view ChainNamer::user_name(std::uint64_t address) {
  const auto known = user_names_.find(address);
  if (known != user_names_.end()) return known->second;
  const auto symbol = user_ ? user_->find(address) : std::nullopt;
  return user_names_.emplace(address, user_text(symbol)).first->second;
}

NamedChain ChainNamer::name(const Profile& profile, const StackSample& sample) {
  NamedChain chain{.kernel = {}, .user = {}, .idle_task = sample.pid == 0};
  bool leaf = true;
  for (const std::uint64_t address : profile.kernel_chain(sample)) {
    chain.kernel.push_back(kernel_name(call_site(address, leaf)));
    leaf = false;
  }
  const auto user = profile.user_chain(sample);
  if (!user.empty() && sample.pid != ::getpid()) {
    chain.user.push_back(kOtherProcess);
    return chain;
  }
  for (const std::uint64_t address : user) {
    chain.user.push_back(user_name(call_site(address, leaf)));
    leaf = false;
  }
  return chain;
}

namespace {

/// Semicolons separate frames, so a name may not have one.
void append_frame(std::string& line, std::string_view name, std::string_view mark) {
  if (!line.empty()) line += ';';
  std::replace_copy(name.begin(), name.end(), std::back_inserter(line), ';', ':');
  line += mark;
}

/// One part of a chain, which is stored leaf first.
void append_part(std::string& line, const std::vector<std::string_view>& part,
                 std::string_view mark) {
  std::for_each(part.rbegin(), part.rend(),
                [&](std::string_view name) { append_frame(line, name, mark); });
}

std::string fold(const NamedChain& chain) {
  std::string line;
  append_part(line, chain.user, "");
  append_part(line, chain.kernel, "_[k]");
  return line.empty() ? "[no chain]" : line;
}

}  // namespace

std::string folded_stacks(const Profile& profile, const TimeWindow& window, ChainNamer& namer) {
  std::map<std::string, std::uint64_t> stacks;
  for (const StackSample& sample : profile.samples) {
    if (window.contains(sample)) ++stacks[fold(namer.name(profile, sample))];
  }
  std::string text;
  for (const auto& [stack, samples] : stacks) {
    fmt::format_to(std::back_inserter(text), "{} {}\n", stack, samples);
  }
  return text;
}

}  // namespace ub::perf
