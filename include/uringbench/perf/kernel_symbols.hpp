#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "uringbench/base/unavailable.hpp"

namespace ub::perf {

/// A function. Views into the table that found it, valid as long as that lives.
struct SymbolView {
  std::string_view name;    ///< empty: only the module is known
  std::string_view module;  ///< "nf_tables", "libc.so.6"; empty: the kernel itself
};

/// The functions of the running kernel and its modules (proc(5), /proc/kallsyms). Move-only;
/// reading is thread-safe.
class KernelSymbols {
 public:
  /// Unavailable when the addresses are all zero, with the sysctl that hides them, and for a text
  /// without a function. Of several names for one address the plainest wins: "memcpy" of
  /// "__pi_memcpy", "__memcpy".
  static std::variant<KernelSymbols, Unavailable> parse(std::string kallsyms);
  /// Of this machine, now. Takes some 0.1 s.
  static std::variant<KernelSymbols, Unavailable> load();

  /// The function that `address` lies in; none below the first and more than 1 MiB above the last
  /// start.
  [[nodiscard]] std::optional<SymbolView> find(std::uint64_t address) const;

 private:
  struct Entry {
    std::uint64_t address = 0;
    SymbolView symbol;
  };
  KernelSymbols(std::unique_ptr<const std::string> text, std::vector<Entry> entries)
      : text_(std::move(text)), entries_(std::move(entries)) {}

  static std::optional<Entry> parse_line(std::string_view line);

  std::unique_ptr<const std::string> text_;  ///< what the entries view; its address outlives a move
  std::vector<Entry> entries_;               ///< by address, each once
};

}  // namespace ub::perf
