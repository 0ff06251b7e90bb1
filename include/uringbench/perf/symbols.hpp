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
  /// The symbols of this machine, now. Takes some 0.1 s.
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

/// A function of a program. An empty name: the module has no symbol there.
struct UserSymbol {
  std::string name;    ///< demangled
  std::string module;  ///< file name: "uringbench", "libc.so.6", "[vdso]"
};

/// The functions of this process, from the symbol tables of the ELF files it has mapped (libdwfl of
/// elfutils). Needs no debug information and asks no server for any. Move-only, not thread-safe.
class UserSymbols {
 public:
  /// The files mapped now; a library loaded later is not in it.
  static std::variant<UserSymbols, Unavailable> of_this_process();

  /// None when no file is mapped at `address`.
  [[nodiscard]] std::optional<UserSymbol> find(std::uint64_t address) const;

  UserSymbols(UserSymbols&& other) noexcept;
  UserSymbols& operator=(UserSymbols&& other) noexcept;
  UserSymbols(const UserSymbols&) = delete;
  UserSymbols& operator=(const UserSymbols&) = delete;
  ~UserSymbols();

 private:
  struct State;
  explicit UserSymbols(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace ub::perf
