#include "uringbench/analysis/flames.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

namespace ub::analysis {
namespace {

constexpr std::string_view kKernelMark = "_[k]";

/// Where a protocol takes over from the entry points above it.
constexpr auto kBelowTheEntry = std::to_array<std::string_view>(
    {"tcp_sendmsg", "udp_sendmsg", "udpv6_sendmsg", "unix_stream_sendmsg", "tcp_recvmsg",
     "udp_recvmsg", "unix_stream_recvmsg", "unix_stream_read_generic", "tcp_splice_read"});

bool is_kernel(std::string_view frame) {
  return frame.ends_with(kKernelMark);
}

std::string_view plain(std::string_view frame) {
  if (is_kernel(frame)) frame.remove_suffix(kKernelMark.size());
  return frame;
}

std::vector<std::string_view> split(std::string_view chain) {
  std::vector<std::string_view> frames;
  while (!chain.empty()) {
    const std::size_t end = std::min(chain.find(';'), chain.size());
    frames.push_back(chain.substr(0, end));
    chain.remove_prefix(std::min(end + 1, chain.size()));
  }
  return frames;
}

/// The engines' loops and the thread they run in are the entry point of all that is below.
bool is_entry_of_user_code(std::string_view frame) {
  return frame.starts_with("std::thread") || frame.find("Engine") != std::string_view::npos ||
         frame.starts_with("[libstdc++") || frame.starts_with("[libc") ||
         frame.starts_with("[liburing") || frame == "main" || frame == "_start";
}

void add_user_frames(std::vector<std::string>& frames, const std::vector<std::string_view>& chain) {
  for (const std::string_view frame : chain) {
    if (!is_entry_of_user_code(frame)) frames.emplace_back(frame);
  }
}

/// One case's tree while it is made: callees by name.
struct Branch {
  std::vector<double> ns;
  std::map<std::string, Branch> callees;
};

void add(Branch& root, const std::vector<std::string>& frames, std::size_t which, double ns) {
  Branch* at = &root;
  at->ns[which] += ns;
  for (const std::string& frame : frames) {
    Branch& callee = at->callees[frame];
    if (callee.ns.empty()) callee.ns.resize(root.ns.size());
    callee.ns[which] += ns;
    at = &callee;
  }
}

struct FoldedLine {
  std::string chain;
  std::uint64_t samples = 0;
};

/// nullopt for a line that is not of the form: the file may have been torn.
std::optional<FoldedLine> folded_line(std::string_view line) {
  const std::size_t blank = line.rfind(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  FoldedLine found{std::string(line.substr(0, blank)), 0};
  const std::string_view digits = line.substr(blank + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), found.samples);
  if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return found;
}

std::vector<FoldedLine> lines_of(std::string_view text) {
  std::vector<FoldedLine> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (auto line = folded_line(text.substr(0, end))) lines.push_back(std::move(*line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Samples become ns a message by the role's exact total.
void add_stacks(Branch& root, const FoldedStacks& stacks, std::size_t which, double total_ns) {
  const std::vector<FoldedLine> lines = lines_of(stacks.text);
  std::uint64_t samples = 0;
  for (const FoldedLine& line : lines) samples += line.samples;
  if (samples == 0) return;
  const double ns_per_sample = total_ns / static_cast<double>(samples);
  for (const FoldedLine& line : lines) {
    add(root, comparable_frames(line.chain), which,
        ns_per_sample * static_cast<double>(line.samples));
  }
}

double largest(const std::vector<double>& values) {
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

/// Without branches below `least`; the dearest first.
FlameNode node_of(const std::string& frame, const Branch& branch, double least) {
  FlameNode node{frame, branch.ns, {}};
  for (const auto& [name, callee] : branch.callees) {
    if (largest(callee.ns) >= least) node.callees.push_back(node_of(name, callee, least));
  }
  std::stable_sort(node.callees.begin(), node.callees.end(),
                   [](const FlameNode& left, const FlameNode& right) {
                     return largest(left.ns_per_message) > largest(right.ns_per_message);
                   });
  return node;
}

const FoldedStacks* find(const std::vector<FoldedStacks>& stacks, const Case& the_case,
                         std::string_view role) {
  const auto found = std::find_if(stacks.begin(), stacks.end(), [&](const FoldedStacks& each) {
    return each.role == role && each.the_case == the_case;
  });
  return found == stacks.end() ? nullptr : &*found;
}

struct Role {
  std::string_view name;
  RoleCosts CaseLedger::*costs;
};

std::optional<FlameGroup> flame_of(const LedgerGroup& ledgers, const Role& role,
                                   const std::vector<FoldedStacks>& stacks) {
  std::vector<const CaseLedger*> cases;
  for (const CaseLedger& each : ledgers.cases) {
    const bool known = (each.*role.costs).missing.empty();
    if (known && find(stacks, each.the_case, role.name) != nullptr) cases.push_back(&each);
  }
  if (cases.size() < 2) return std::nullopt;
  FlameGroup group{
      ledgers.title, ledgers.cases.front().the_case.size_bytes, std::string(role.name), {}, {}};
  Branch root;
  root.ns.resize(cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    group.variants.push_back(variant_name(cases[i]->the_case));
    add_stacks(root, *find(stacks, cases[i]->the_case, role.name), i,
               (cases[i]->*role.costs).total_ns);
  }
  group.root = node_of("all", root, kLeastShare * largest(root.ns));
  return group;
}

}  // namespace

std::vector<std::string> comparable_frames(const std::string& chain) {
  const std::vector<std::string_view> all = split(chain);
  const auto kernel = std::find_if(all.begin(), all.end(), is_kernel);
  std::vector<std::string> frames{"user code"};
  if (kernel == all.end()) {
    add_user_frames(frames, all);
    return frames;
  }
  const auto below = std::find_if(kernel, all.end(), [](std::string_view frame) {
    const std::string_view name = plain(frame);
    return std::find(kBelowTheEntry.begin(), kBelowTheEntry.end(), name) != kBelowTheEntry.end();
  });
  auto from = kernel;
  if (below != all.end()) {
    frames.emplace_back("system call to the socket");
    from = below;
  }
  for (; from != all.end(); ++from) {
    if (plain(*from) != "entry_SYSCALL_64_after_hwframe") frames.emplace_back(plain(*from));
  }
  return frames;
}

std::vector<FlameGroup> flames_of(const std::vector<LedgerGroup>& ledgers,
                                  const std::vector<FoldedStacks>& stacks) {
  constexpr std::array kRoles{Role{"server", &CaseLedger::server},
                              Role{"client", &CaseLedger::client}};
  std::vector<FlameGroup> groups;
  for (const LedgerGroup& ledger : ledgers) {
    for (const Role& role : kRoles) {
      if (auto group = flame_of(ledger, role, stacks)) groups.push_back(std::move(*group));
    }
  }
  return groups;
}

}  // namespace ub::analysis
