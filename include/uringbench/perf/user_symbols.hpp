#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "uringbench/base/unavailable.hpp"

namespace ub::perf {

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
