#include "uringbench/model/factor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "uringbench/model/json.hpp"

namespace ub {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Stands for a value of any type, to count the members of an aggregate.
struct Anything {
  template <typename T>
  operator T() const;  // NOLINT(google-explicit-constructor): that is what it is for
};

template <typename T, typename... Values>
constexpr std::size_t members_of() {
  if constexpr (requires { T{Values{}..., Anything{}}; }) {
    return members_of<T, Values..., Anything>();
  } else {
    return sizeof...(Values);
  }
}

/// A case in which the row's factor alone is not at its default.
Case case_with_example(const Factor& factor) {
  Case c;
  factor.parse(c, factor.example_value);
  return c;
}

std::string name_of(const testing::TestParamInfo<const Factor*>& info) {
  return std::string(info.param->key);
}

std::vector<const Factor*> all_rows() {
  std::vector<const Factor*> rows;
  for (const Factor& factor : factors()) rows.push_back(&factor);
  return rows;
}

/// Together with the tests of each row below (no two rows change the same thing, every row changes
/// one) this says that each member of a case has its row.
TEST(Factors, EveryMemberOfACaseHasARow) {
  constexpr std::size_t kNested = 3;  // ring, device, and notify, which is one row
  const std::size_t members = members_of<Case>() - kNested - 1 /* purpose */ +
                              members_of<RingFactors>() + members_of<DeviceFactors>() + 1;
  EXPECT_EQ(factors().size(), members) << "a member of Case lacks a row of src/model/factors_*.cpp";
}

TEST(Factors, NamesAreNotTakenTwice) {
  std::set<std::string_view> options = {"mode"};
  std::set<std::string_view> keys = {"mode", "purpose"};
  for (const Factor& factor : factors()) {
    for (const std::string_view option :
         {factor.option, factor.short_option, factor.other_option}) {
      if (!option.empty()) {
        EXPECT_TRUE(options.insert(option).second) << option;
      }
    }
    for (const std::string_view key : factor.keys) EXPECT_TRUE(keys.insert(key).second) << key;
  }
}

TEST(Factors, TheJsonOfACaseHasTheKeysOfTheRowsAndNoOther) {
  std::set<std::string> expected = {"mode", "purpose"};
  for (const Factor& factor : factors()) expected.insert(factor.keys.begin(), factor.keys.end());
  Case c;
  c.engine = EngineKind::uring;
  c.link = Link::veth;
  const Json json = c;
  for (const auto& [key, value] : json.items()) EXPECT_EQ(expected.count(key), 1U) << key;
}

TEST(Factors, ACaseThatCouldNotHaveBeenTypedIsNamed) {
  Case c;
  c.path = "two-copy";
  c.size_bytes = 64;
  c.working_set_bytes = 64;
  c.duration_ns = 1'000'000'000;
  EXPECT_EQ(why_out_of_range(c), "");
  c.clients = 0;
  EXPECT_THAT(why_out_of_range(c), StartsWith("clients: '0' is out of range"));
}

TEST(Factors, AClosedLoopNeedsADepth) {
  Case c;
  c.workload = Workload::rr;
  EXPECT_THAT(why_impossible(c), HasSubstr("--depth: '0'"));
  c.rate_per_s = 10;
  EXPECT_EQ(why_impossible(c), "");
}

class EachFactor : public testing::TestWithParam<const Factor*> {};

TEST_P(EachFactor, HasAnExampleThatDiffersFromItsDefaultInNothingElse) {
  const Factor& row = *GetParam();
  ASSERT_FALSE(row.example_value.empty());
  const Case usual;
  const Case c = case_with_example(row);
  EXPECT_FALSE(c == usual);
  EXPECT_EQ(row.print(c), row.example_value);
  for (const Factor& other : factors()) {
    EXPECT_EQ(other.equal(c, usual), &other != &row) << other.key;
  }
  EXPECT_NE(CaseHash{}(c), CaseHash{}(usual));
}

TEST_P(EachFactor, IsCopiedWhole) {
  Case copy;
  GetParam()->copy(copy, case_with_example(*GetParam()));
  EXPECT_TRUE(copy == case_with_example(*GetParam()));
}

TEST_P(EachFactor, SurvivesItsJson) {
  const Factor& row = *GetParam();
  const Case c = case_with_example(row);
  Json json = Json::object();
  row.to_json(json, c);
  for (const std::string_view key : row.keys) EXPECT_TRUE(json.contains(key)) << json;
  Case read;
  row.from_json(Fields(json), read);
  EXPECT_TRUE(read == c) << json;
}

TEST_P(EachFactor, TellsCasesApart) {
  const Factor& row = *GetParam();
  const Case usual;
  const Case c = case_with_example(row);
  const bool is_variant = row.kind == FactorKind::variant;
  const bool is_setting = row.kind == FactorKind::setting;
  EXPECT_EQ(with_default_variants(c) == usual, is_variant);
  EXPECT_EQ(with_default_settings(c) == usual, is_setting);
  EXPECT_EQ(same_but_for_mode(c, usual), row.option.empty() ? is_variant : row.option == "batch");
  EXPECT_EQ(same_but_for_variant_and_size(c, usual), is_variant || row.key == "size_bytes");
}

TEST_P(EachFactor, IsSeenByAReader) {
  const Factor& row = *GetParam();
  if (row.option.empty()) return;  // its option is --mode, which names the row
  EXPECT_FALSE(row.help.empty());
  const Case c = case_with_example(row);
  if (row.kind == FactorKind::variant && row.option != "batch") {
    EXPECT_NE(variant_name(c), variant_name(Case{}));
  }
}

TEST_P(EachFactor, RefusesAnEmptyValue) {
  const Factor& row = *GetParam();
  if (row.option.empty() || row.kind == FactorKind::setting) return;
  Case c;
  EXPECT_ANY_THROW(row.parse(c, ""));
}

INSTANTIATE_TEST_SUITE_P(Factors, EachFactor, testing::ValuesIn(all_rows()), name_of);

}  // namespace
}  // namespace ub
