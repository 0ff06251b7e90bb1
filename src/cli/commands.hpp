#pragma once

#include <string>

#include "arguments.hpp"

namespace ub::cli {

/// Exit statuses of the program.
inline constexpr int kDone = 0;
inline constexpr int kStudyFailed = 1;
inline constexpr int kBadUsage = 2;
inline constexpr int kInterrupted = 130;  // 128 + SIGINT, as a shell reports it

enum class ListFormat { table, json };

int run(const RunArguments& arguments);
int list(ListFormat format);
int probe(ListFormat format);
int report(const std::string& directory, const RunArguments& arguments);

}  // namespace ub::cli
