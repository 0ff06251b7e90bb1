#pragma once

#include <string>

#include "arguments.hpp"

namespace ub::cli {

/// Exit statuses of the program.
inline constexpr int kDone = 0;
inline constexpr int kStudyFailed = 1;
inline constexpr int kBadUsage = 2;
inline constexpr int kSlower = 1;           // compare: git-bisect(1) takes 1 as "bad" ...
inline constexpr int kCannotCompare = 125;  // ... and 125 as "skip this commit"
inline constexpr int kInterrupted = 130;    // 128 + SIGINT, as a shell reports it

enum class ListFormat { table, json };

/// What is measured: the product of all factors, or one case with each feature switched.
enum class StudyKind { comparison, ablation };

int run(const RunArguments& arguments, StudyKind kind = StudyKind::comparison);
int explain(const RunArguments& arguments);
int list(ListFormat format);
int probe(ListFormat format);
int selftest(ListFormat format);
/// What `report` prints: the study's table (or the format named), its crossovers as settings to
/// copy, the sizes that would show them from nearer,
/// or what the study says to six questions.
enum class ReportPart { table, thresholds, refine, answers };

struct DoctorArguments {
  std::string format = "table";
  bool quick = false;  ///< does not measure
};

int doctor(const DoctorArguments& arguments);
int report(const std::string& directory, const RunArguments& arguments, ReportPart part);

/// As typed.
struct CompareArguments {
  std::string a;
  std::string b;
  std::string by = "throughput";
  std::string fail_if_slower;
};

int compare(const CompareArguments& arguments);

}  // namespace ub::cli
