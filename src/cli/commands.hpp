#pragma once

#include <string>
#include <vector>

#include "arguments.hpp"

namespace ub::cli {

/// Exit statuses of the program.
inline constexpr int kDone = 0;
inline constexpr int kStudyFailed = 1;
inline constexpr int kBadUsage = 2;
inline constexpr int kNotJudged = 3;        // selftest: nothing contradicts, not all was judged
inline constexpr int kSlower = 1;           // compare: slower or other; git-bisect(1): "bad" ...
inline constexpr int kCaseMissing = 3;      // compare: some case is not in all studies
inline constexpr int kCannotCompare = 125;  // ... and 125 as "skip this commit"
inline constexpr int kInterrupted = 130;    // 128 + SIGINT, as a shell reports it

/// What is measured: the product of all factors, or one case with each feature switched.
enum class StudyKind { comparison, ablation };

int run(const RunArguments& arguments, StudyKind kind = StudyKind::comparison);
int explain(const RunArguments& arguments);
int list(const std::string& format);
int probe(const std::string& format);
int fields(const std::string& format);
int selftest(const std::string& format);

struct DoctorArguments {
  std::string format = "text";
  bool quick = false;  ///< does not measure
};

int doctor(const DoctorArguments& arguments);
int report(const std::vector<std::string>& directories, const RunArguments& arguments);

/// As typed.
struct CompareArguments {
  std::vector<std::string> studies;   ///< A B, or A B A B …
  std::vector<std::string> programs;  ///< --program A,B
  std::string by = "throughput";
  std::string fail_if_slower;
  bool fail_if_facts_differ = false;
  std::string format = "text";
};

/// `study`: of --program.
int compare(const CompareArguments& arguments, const RunArguments& study);

}  // namespace ub::cli
