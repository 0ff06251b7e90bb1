#include "uringbench/perf/symbols.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <elfutils/libdwfl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <tuple>

#include "procfs.hpp"

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

namespace {

/// Instead of libdwfl's search, which may ask a debuginfod server: the symbol table in the file is
/// enough.
int find_no_debug_information(Dwfl_Module* /*module*/, void** /*user_data*/, const char* /*name*/,
                              Dwarf_Addr /*base*/, const char* /*file_name*/,
                              const char* /*link_name*/, GElf_Word /*link_crc*/,
                              char** /*found_name*/) {
  return -1;
}

/// libdwfl keeps a pointer to this for as long as a session lives.
constexpr Dwfl_Callbacks kCallbacks{.find_elf = dwfl_linux_proc_find_elf,
                                    .find_debuginfo = find_no_debug_information,
                                    .section_address = nullptr,
                                    .debuginfo_path = nullptr};

struct EndSession {
  void operator()(Dwfl* session) const { dwfl_end(session); }
};
using Session = std::unique_ptr<Dwfl, EndSession>;

std::string demangle(const char* mangled) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> plain(
      abi::__cxa_demangle(mangled, nullptr, nullptr, &status), &std::free);
  return plain == nullptr ? mangled : plain.get();
}

struct CloseLibrary {
  void operator()(void* library) const { ::dlclose(library); }
};

/// Debian strips libc of the names of its copying loops: memcpy is an indirect function, and only
/// the resolver's name is left. The dynamic linker knows where each really starts.
/// libc is asked by name, since a sanitizer puts itself in front of these functions.
std::map<std::uint64_t, std::string> find_indirect_functions() {
  std::map<std::uint64_t, std::string> starts;
  const std::unique_ptr<void, CloseLibrary> libc(::dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD));
  if (libc == nullptr) return starts;
  for (const char* name : {"memcpy", "memmove", "memset", "memcmp", "memchr", "strlen"}) {
    const void* const start = ::dlsym(libc.get(), name);
    if (start != nullptr) starts.emplace(reinterpret_cast<std::uint64_t>(start), name);
  }
  return starts;
}

/// The copying loops of glibc 2.36 are up to 2.5 KiB long.
constexpr std::uint64_t kLongestLoopBytes = 4096;

}  // namespace

struct UserSymbols::State {
  Session session;
  std::map<std::uint64_t, std::string> indirect_functions = find_indirect_functions();

  [[nodiscard]] std::string indirect_function_at(std::uint64_t address) const {
    const auto after = indirect_functions.upper_bound(address);
    if (after == indirect_functions.begin()) return {};
    const auto& [start, name] = *std::prev(after);
    return address - start < kLongestLoopBytes ? name : std::string();
  }
};

UserSymbols::UserSymbols(std::unique_ptr<State> state) : state_(std::move(state)) {}
UserSymbols::UserSymbols(UserSymbols&& other) noexcept = default;
UserSymbols& UserSymbols::operator=(UserSymbols&& other) noexcept = default;
UserSymbols::~UserSymbols() = default;

std::variant<UserSymbols, Unavailable> UserSymbols::of_this_process() {
  Session session(dwfl_begin(&kCallbacks));
  if (session == nullptr) return Unavailable{fmt::format("libdwfl: {}", dwfl_errmsg(-1))};
  const int error = dwfl_linux_proc_report(session.get(), ::getpid());
  if (error > 0) return Unavailable{fmt::format("/proc/self/maps: {}", std::strerror(error))};
  if (error < 0 || dwfl_report_end(session.get(), nullptr, nullptr) != 0) {
    return Unavailable{fmt::format("libdwfl: {}", dwfl_errmsg(-1))};
  }
  return UserSymbols(std::make_unique<State>(State{.session = std::move(session)}));
}

std::optional<UserSymbol> UserSymbols::find(std::uint64_t address) const {
  Dwfl_Module* const module = dwfl_addrmodule(state_->session.get(), address);
  if (module == nullptr) return std::nullopt;
  const char* const path =
      dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  UserSymbol symbol{{}, path == nullptr ? "?" : std::filesystem::path(path).filename().string()};
  GElf_Off offset = 0;
  GElf_Sym entry{};
  const char* const name =
      dwfl_module_addrinfo(module, address, &offset, &entry, nullptr, nullptr, nullptr);
  // A stripped file answers with the nearest name before the address, however far; only a symbol
  // that covers the address is the function's.
  if (name != nullptr && offset < entry.st_size) {
    symbol.name = demangle(name);
  } else {
    symbol.name = state_->indirect_function_at(address);
  }
  return symbol;
}

}  // namespace ub::perf
