#include "head.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "factors.hpp"
#include "uringbench/base/units.hpp"
#include "wrap.hpp"

namespace ub::report {
namespace {

const Case& case_of(const Block& block) {
  return block.rows.front().the_case;
}

/// The first case that has the factor: one of UDP has none of TCP's.
const Case& case_with(const Factor& factor, const std::vector<Block>& blocks) {
  const auto found = std::find_if(blocks.begin(), blocks.end(), [&](const Block& block) {
    return !factor.title_of(case_of(block)).empty();
  });
  return case_of(found == blocks.end() ? blocks.front() : *found);
}

/// Alike in all blocks that have it.
bool shared(const Factor& factor, const std::vector<Block>& blocks) {
  const std::string common = factor.title_of(case_with(factor, blocks));
  return std::all_of(blocks.begin(), blocks.end(), [&](const Block& block) {
    const std::string text = factor.title_of(case_of(block));
    return text.empty() || text == common;
  });
}

bool titles_every_block(const Factor& factor) {
  return factor.key == "size_bytes" || factor.key == "clients";
}

/// The one value of a fact that every sample agrees on; empty without one.
std::string agreed_fact(const std::vector<Block>& blocks, const std::string& name) {
  std::string agreed;
  for (const Block& block : blocks) {
    for (const Row& row : block.rows) {
      for (const Sample& sample : row.valid) {
        const auto fact = sample.effective.find(name);
        if (fact == sample.effective.end()) return "";
        if (!agreed.empty() && agreed != fact->second) return "";
        agreed = fact->second;
      }
    }
  }
  return agreed;
}

/// The default of the system is a trap larger than most effects (bbr halves a stream), so name it.
std::string effective_text(const Factor& factor, const std::vector<Block>& blocks) {
  const Case& example = case_with(factor, blocks);
  std::string text = factor.title_of(example);
  if (factor.key != "congestion" || text.empty() || !example.congestion.empty()) return text;
  const std::string effective = agreed_fact(blocks, "server_congestion");
  return effective.empty() ? text : fmt::format("{} ({})", text, effective);
}

std::string one_batch(const std::vector<Block>& blocks) {
  const std::uint32_t first = case_of(blocks.front()).batch;
  for (const Block& block : blocks) {
    for (const Row& row : block.rows) {
      if (row.the_case.batch != first) return "";
    }
  }
  return fmt::format("batch {}", first);
}

std::string shared_factors(const Plan& plan, const std::vector<Block>& blocks) {
  std::vector<std::string> texts;
  for (const Factor& factor : factors()) {
    if (titles_every_block(factor) || !shared(factor, blocks)) continue;
    std::string text = effective_text(factor, blocks);
    if (!text.empty()) texts.push_back(std::move(text));
  }
  const std::string batch = one_batch(blocks);
  if (!batch.empty()) texts.push_back(batch);
  texts.push_back(fmt::format("{} repetition{}", plan.reps, plan.reps == 1 ? "" : "s"));
  texts.push_back(fmt::format("seed {}", plan.seed));
  return fmt::format("{}", fmt::join(texts, ", "));
}

/// Facts as texts that need no name beside them: "uringbench 0.1.0, Linux 6.18.44 x86_64, ...".
std::string machine(const Environment& environment) {
  constexpr std::array<const char*, 3> kFacts{"program", "kernel", "cpu_model"};
  std::vector<std::string> texts;
  for (const char* name : kFacts) {
    const auto fact = environment.facts.find(name);
    if (fact != environment.facts.end()) texts.push_back(fact->second);
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

bool shows_zero_copy(const Block& block) {
  return std::any_of(block.rows.begin(), block.rows.end(), [](const Row& row) {
    return row.the_case.family == Family::zero_copy && !row.valid.empty();
  });
}

/// msg_zerocopy.rst: "loopback ... data is copied"; the copy is made in skb_orphan_frags_rx(), on
/// delivery to any socket of this host. Empty where no zero-copy row was delivered so.
std::string copies_on_delivery(const std::vector<Block>& blocks) {
  std::vector<std::string> links;
  for (const Block& block : blocks) {
    const LinkFacts& link = facts_of(case_of(block).link);
    if (link.delivery != Delivery::local || !shows_zero_copy(block)) continue;
    if (std::find(links.begin(), links.end(), link.name) == links.end()) {
      links.emplace_back(link.name);
    }
  }
  if (links.empty()) return {};
  return paragraph(fmt::format(
      "{} {} locally: the kernel copies every zero-copy send (MSG_ZEROCOPY, SEND_ZC) after all; "
      "here these can only show their cost",
      list_text(links, "and"), links.size() == 1 ? "delivers" : "deliver"));
}

}  // namespace

std::string machine_line(const Environment& environment) {
  const std::string facts = machine(environment);
  return facts.empty() ? "" : paragraph(facts);
}

std::string table_head(const Environment& environment, const Plan& plan,
                       const std::vector<Block>& blocks) {
  std::string out = machine_line(environment);
  if (blocks.empty()) return out;
  out += paragraph(shared_factors(plan, blocks));
  return out + copies_on_delivery(blocks);
}

std::string block_title(const Block& block, const std::vector<Block>& blocks) {
  std::vector<std::string> texts;
  for (const Factor& factor : factors()) {
    if (!titles_every_block(factor) && shared(factor, blocks)) continue;
    std::string text = factor.title_of(case_of(block));
    if (!text.empty()) texts.push_back(std::move(text));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace ub::report
