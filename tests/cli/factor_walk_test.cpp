// Each row of the factor table, all the way: command line, plan, control channel, role, sample, and
// every output. A new row is tested without a line here.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "program.hpp"
#include "support/scratch.hpp"
#include "support/text.hpp"
#include "uringbench/model/factor.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

using Options = std::map<std::string, std::string>;

constexpr int kCannotCompare = 125;
constexpr int kNothingValid = 1;

/// The shortest study in which the factor can act.
Options options_for(const Factor& factor) {
  Options options{{"--mode", "pthread-two-copy"}, {"--size", "64"}, {"--duration", "50ms"},
                  {"--warmup", "10ms"},           {"--reps", "1"},  {"--format", "csv"}};
  std::istringstream words{std::string(factor.example_with)};
  for (std::string option, value; words >> option >> value;) options[option] = value;
  if (!factor.takes_list()) options.erase("--" + std::string(factor.option));
  return options;
}

Ended run(const Options& options, const std::string& out) {
  std::vector<std::string> arguments;
  for (const auto& [option, value] : options)
    arguments.push_back(fmt::format("{}={}", option, value));
  arguments.push_back("--out=" + out);
  return uringbench(std::move(arguments));
}

/// The comparison's samples of a study.
std::vector<Sample> samples_of(const std::string& directory) {
  std::ifstream file(directory + "/samples.jsonl");
  std::vector<Sample> samples;
  for (std::string line; std::getline(file, line);) {
    const Json json = Json::parse(line);
    if (json.at("record") != "sample") continue;
    auto sample = json.get<Sample>();
    if (sample.the_case.purpose == Purpose::comparison) samples.push_back(std::move(sample));
  }
  return samples;
}

/// The cells of one line; what is before the first quoted cell is all that the factors have.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

/// What a CSV has in the factor's column, one for each row.
std::vector<std::string> column_of(const Factor& factor, const std::string& csv) {
  const std::vector<std::string> lines = split_lines(csv);
  const std::vector<std::string> names = cells_of(lines.at(0));
  const std::string_view wanted = factor.column.empty() ? factor.key : factor.column;
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found == names.end()) return {};
  std::vector<std::string> column;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    column.push_back(cells_of(lines[i]).at(static_cast<std::size_t>(found - names.begin())));
  }
  return column;
}

bool can_be_typed(const Factor& factor, const std::string& text) {
  try {
    Case scratch;
    factor.parse(scratch, text);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

class FactorWalk : public testing::TestWithParam<const Factor*> {};

TEST_P(FactorWalk, ItsValueArrivesEverywhere) {
  const Factor& factor = *GetParam();
  const std::string option = "--" + std::string(factor.option);
  const test::Scratch scratch;
  const std::string usual_study = scratch.path() / "usual";
  const std::string study = scratch.path() / "study";
  Options options = options_for(factor);

  const Ended usual = run(options, usual_study);
  ASSERT_LE(usual.status, kNothingValid) << usual.err;
  const std::vector<Sample> usual_samples = samples_of(usual_study);
  ASSERT_THAT(usual_samples, SizeIs(1));
  const Case before = usual_samples.front().the_case;

  // Where it takes a list, the default goes into the same study.
  const std::string usual_text = factor.print(before);
  const bool both = factor.takes_list() && can_be_typed(factor, usual_text);
  options[option] = both ? usual_text + "," + factor.example_value : factor.example_value;
  const Ended ended = run(options, study);
  ASSERT_LE(ended.status, kNothingValid) << ended.err;

  const std::vector<Sample> samples = samples_of(study);
  ASSERT_THAT(samples, SizeIs(both ? 2 : 1));
  const auto changed = std::find_if(samples.begin(), samples.end(), [&](const Sample& sample) {
    return !factor.equal(sample.the_case, before);
  });
  ASSERT_NE(changed, samples.end());
  EXPECT_EQ(factor.print(changed->the_case), factor.example_value);
  // The roles took it over the channel, or the kernel lacks what it needs. A sample may be invalid:
  // a busy machine does not give so short a window what it asks for.
  EXPECT_NE(changed->status, Status::failed) << changed->reason;

  const std::vector<std::string> column = column_of(factor, ended.out);
  ASSERT_THAT(column, SizeIs(samples.size()));
  EXPECT_NE(column.at(static_cast<std::size_t>(changed - samples.begin())),
            column_of(factor, usual.out).at(0));

  const std::string table = test::unwrapped(uringbench({"report", study}).out);
  if (factor.kind == FactorKind::variant && factor.suffix != nullptr) {
    EXPECT_THAT(table, HasSubstr(variant_name(changed->the_case)));
  } else if (!factor.title_of(changed->the_case).empty()) {
    EXPECT_THAT(table, HasSubstr(factor.title_of(changed->the_case)));
  }

  const Ended compared = uringbench({"compare", usual_study, study});
  const bool same_case = both || factor.kind == FactorKind::setting;
  if (!same_case) {
    EXPECT_EQ(compared.status, kCannotCompare) << compared.out;
  }
  if (factor.kind != FactorKind::setting && changed->status == Status::valid) {
    EXPECT_THAT(test::unwrapped(compared.out), HasSubstr("A missing: its plan has no such case"))
        << compared.err;
  }
}

std::vector<const Factor*> rows_with_options() {
  std::vector<const Factor*> rows;
  for (const Factor& factor : factors()) {
    if (!factor.option.empty()) rows.push_back(&factor);
  }
  return rows;
}

std::string name_of(const testing::TestParamInfo<const Factor*>& row) {
  return std::string(row.param->key);
}

INSTANTIATE_TEST_SUITE_P(Factors, FactorWalk, testing::ValuesIn(rows_with_options()), name_of);

}  // namespace
}  // namespace ub::cli
