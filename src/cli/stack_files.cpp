#include "stack_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

constexpr mode_t kMode = 0644;

/// FNV-1a: the same on every machine, unlike std::hash.
std::uint32_t fingerprint(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

}  // namespace

std::string stack_file_name(const Case& the_case, std::string_view role) {
  return fmt::format("{}-{}B-{}c-{:08x}.{}.folded", mode_name(the_case), the_case.size_bytes,
                     the_case.clients, fingerprint(Json(the_case).dump()), role);
}

StackFiles::Writer StackFiles::writer() {
  if (directory_.empty()) return {};
  return [this](const Case& the_case, std::string_view role, const std::string& folded) {
    try {
      append(the_case, role, folded);
    } catch (const SetupError& error) {
      if (broken_.empty()) broken_ = error.what();
    }
  };
}

void StackFiles::append(const Case& the_case, std::string_view role,
                        const std::string& folded) const {
  const std::filesystem::path folder = directory_ / "stacks";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw_setup_error(fmt::format("--out: making '{}'", folder.string()), error.value());
  }
  const std::filesystem::path file = folder / stack_file_name(the_case, role);
  // A link that somebody else put there is not followed.
  const UniqueFd fd(
      ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kMode));
  std::string_view left = folded;
  while (fd && !left.empty()) {
    const SysResult written = from_errno(::write(fd.get(), left.data(), left.size()));
    if (!written.ok()) break;
    left.remove_prefix(static_cast<std::size_t>(written.value));
  }
  if (!fd || !left.empty()) {
    throw_setup_error(fmt::format("--out: writing '{}'", file.string()), errno);
  }
}

std::vector<analysis::FoldedStacks> read_stacks(const std::filesystem::path& directory,
                                                const Plan& plan) {
  std::vector<analysis::FoldedStacks> all;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.the_case.purpose != Purpose::profile) continue;
    for (const char* role : {"server", "client"}) {
      std::ifstream file(directory / "stacks" / stack_file_name(planned.the_case, role));
      if (!file) continue;
      analysis::FoldedStacks stacks{planned.the_case, role, {}};
      stacks.the_case.purpose = Purpose::comparison;  // the case that it explains
      stacks.text.assign(std::istreambuf_iterator<char>(file), {});
      all.push_back(std::move(stacks));
    }
  }
  return all;
}

}  // namespace ub::cli
