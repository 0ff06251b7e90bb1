#include "uringbench/perf/named_chain.hpp"

#include <fmt/format.h>
#include <unistd.h>

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

}  // namespace ub::perf
