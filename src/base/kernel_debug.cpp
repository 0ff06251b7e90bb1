// What a kernel was built to check of itself.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <memory>
#include <set>

#include "uringbench/base/machine_kind.hpp"

namespace ub {
namespace {

/// A check, the option that builds it in, the one that leaves it asleep, and a function that only
/// such a kernel has. Left out is what production kernels have: KFENCE, UBSAN's bounds, tags by
/// hardware (CONFIG_KASAN_HW_TAGS), lists that are verified.
struct Check {
  std::string_view name;
  std::string_view option;
  std::string_view off_option;
  std::string_view function;
};

constexpr std::array kChecks = {
    Check{"KASAN", "CONFIG_KASAN_GENERIC", "", "__asan_load8"},
    Check{"KASAN (tags by software)", "CONFIG_KASAN_SW_TAGS", "", "__hwasan_load8_noabort"},
    Check{"KMSAN", "CONFIG_KMSAN", "", "__msan_warning"},
    Check{"KCSAN", "CONFIG_KCSAN", "", "__tsan_read8"},
    Check{"lockdep", "CONFIG_LOCKDEP", "", "lock_acquire"},
    Check{"kmemleak", "CONFIG_DEBUG_KMEMLEAK", "CONFIG_DEBUG_KMEMLEAK_DEFAULT_OFF",
          "kmemleak_alloc"},
    Check{"page allocation checks", "CONFIG_DEBUG_PAGEALLOC_ENABLE_DEFAULT", "", ""},
    Check{"slab checks", "CONFIG_SLUB_DEBUG_ON", "", ""},
    Check{"object checks", "CONFIG_DEBUG_OBJECTS", "", "debug_object_init"},
    Check{"KCOV", "CONFIG_KCOV", "", "__sanitizer_cov_trace_pc"},
    Check{"gcov", "CONFIG_GCOV_PROFILE_ALL", "", "__gcov_init"},
};

/// Every line of a file, compressed or not; false when it cannot be read to its end.
bool for_each_line(const std::filesystem::path& path,
                   const std::function<void(std::string_view)>& take) {
  const std::unique_ptr<gzFile_s, decltype(&::gzclose)> file(::gzopen(path.c_str(), "rb"),
                                                             &::gzclose);
  if (!file) return false;
  constexpr int kLongest = 4096;
  std::array<char, kLongest> buffer{};
  bool any = false;
  while (::gzgets(file.get(), buffer.data(), kLongest) != nullptr) {
    std::string_view line(buffer.data());
    while (line.ends_with('\n')) line.remove_suffix(1);
    take(line);
    any = true;
  }
  int error = Z_OK;
  ::gzerror(file.get(), &error);
  return any && (error == Z_OK || error == Z_STREAM_END);
}

std::vector<std::string> checks_of(const std::set<std::string>& options) {
  std::vector<std::string> found;
  for (const Check& check : kChecks) {
    const bool off = options.contains(std::string(check.off_option));
    if (options.contains(std::string(check.option)) && !off) found.emplace_back(check.name);
  }
  return found;
}

/// The options that are built in.
bool read_options(const std::filesystem::path& path, std::set<std::string>& options) {
  constexpr std::string_view kBuiltIn = "=y";
  return for_each_line(path, [&](std::string_view line) {
    if (line.starts_with("CONFIG_") && line.ends_with(kBuiltIn)) {
      options.emplace(line.substr(0, line.size() - kBuiltIn.size()));
    }
  });
}

/// "ffffffff81000000 T name [module]": the third word.
std::string_view function_of(std::string_view line) {
  for (int word = 0; word < 2; ++word) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) return {};
    line.remove_prefix(blank + 1);
  }
  return line.substr(0, line.find_first_of(" \t"));
}

KernelDebug by_functions(const std::filesystem::path& path) {
  std::set<std::string_view> found;
  const bool read = for_each_line(path, [&](std::string_view line) {
    const std::string_view function = function_of(line);
    for (const Check& check : kChecks) {
      if (!function.empty() && function == check.function) found.insert(check.name);
    }
  });
  if (!read) return {};
  return {{found.begin(), found.end()}, path.string()};
}

}  // namespace

KernelDebug kernel_debug(const std::filesystem::path& root) {
  std::ifstream release_file(root / "proc/sys/kernel/osrelease");
  std::string release;
  std::getline(release_file, release);
  for (const std::filesystem::path& path :
       {root / "proc/config.gz", root / fmt::format("boot/config-{}", release),
        root / fmt::format("lib/modules/{}/config", release)}) {
    std::set<std::string> options;
    if (read_options(path, options)) return {checks_of(options), path.string()};
  }
  return by_functions(root / "proc/kallsyms");
}

std::string to_text(const KernelDebug& debug) {
  if (debug.source.empty()) {
    return "unavailable: neither the kernel's configuration nor /proc/kallsyms can be read";
  }
  return debug.checks.empty() ? "none" : fmt::format("{}", fmt::join(debug.checks, ", "));
}

}  // namespace ub
