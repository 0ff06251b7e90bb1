// The format `text`: tables for people. A group of rows holds cases that differ in nothing but
// variant factors; every other factor stands in the head of the table or of the group. Samples that
// only price the harness stand below all groups, in one line.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "group.hpp"
#include "renders.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/link.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::Analysis;
using analysis::Group;

/// Facts as texts that need no name beside them: "Linux 6.18.44 x86_64, AMD EPYC".
template <std::size_t kCount>
std::string texts_of(const Facts& facts, const std::array<const char*, kCount>& names) {
  std::vector<std::string> texts;
  for (const char* name : names) {
    const auto fact = facts.find(name);
    if (fact != facts.end()) texts.push_back(fact->second);
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

/// "server one: Linux 6.12, Xeon, eth0 (mlx5_core, MTU 9000)"
std::string host_text(std::string_view role, const Facts& facts) {
  const auto text = [&](const char* name) {
    const auto fact = facts.find(name);
    return fact == facts.end() ? std::string("unknown") : fact->second;
  };
  return fmt::format("{} {}: {}, {}, {} ({}, MTU {})", role, text("host_name"), text("kernel"),
                     text("cpu_model"), text("card"), text("card_driver"), text("card_mtu"));
}

/// "uringbench 0.1.0, Linux 6.18.44 x86_64, ...", or both hosts.
std::string machine(const Environment& environment) {
  if (!environment.ends) {
    return texts_of<3>(environment.facts, {"program", "kernel", "cpu_model"});
  }
  std::string text = texts_of<1>(environment.facts, {"program"});
  text += "; " + host_text("server", environment.ends->server);
  for (const Facts& load : environment.ends->load) {
    text += "; " + host_text("load generator", load);
  }
  return text;
}

bool shows_zero_copy(const Group& group) {
  return std::any_of(group.rows.begin(), group.rows.end(), [](const analysis::Row& row) {
    return row.the_case.family == Family::zero_copy && !row.valid.empty();
  });
}

/// msg_zerocopy.rst: "loopback ... data is copied"; the copy is made in skb_orphan_frags_rx(), on
/// delivery to any socket of this host. Empty where no zero-copy row was delivered so.
Page copies_on_delivery(const std::vector<Group>& groups) {
  std::vector<std::string> links;
  for (const Group& group : groups) {
    const LinkFacts& link = facts_of(group.rows.front().the_case.link);
    if (link.delivery != Delivery::local || !shows_zero_copy(group)) continue;
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

std::string shared_factors(const Analysis& analysis) {
  std::vector<std::string> texts = analysis.shared;
  texts.push_back(fmt::format("{} repetition{}", analysis.reps, analysis.reps == 1 ? "" : "s"));
  texts.push_back(fmt::format("seed {}", analysis.seed));
  return fmt::format("{}", fmt::join(texts, ", "));
}

/// What the whole table shares: machine, factors that every group has alike, repetitions, seed; and
/// the sentence about links that deliver on this host when a zero-copy row is in it.
Page table_head(const Environment& environment, const Analysis& analysis) {
  Page out = machine_line(environment);
  if (analysis.groups.empty()) return out;
  out += paragraph(shared_factors(analysis));
  return out + copies_on_delivery(analysis.groups);
}

Page warning_text(const Look& look) {
  if (look.build_warning.empty()) return {};
  return paragraph("WARNING: " + look.build_warning).in(Style::warning);
}

/// What measuring itself costs, from the null paths that the study added, and a line for each that
/// gave no figure.
Page harness_footer(const Analysis& analysis) {
  Page text;
  for (const Group& group : analysis.harness) {
    const std::string cost = harness_cost(group);
    if (!cost.empty()) text += paragraph(cost, {.first = 0, .rest = 2});
    text += render_failures(group, analysis.reps);
  }
  return text;
}

Page notes_text(const Analysis& analysis, const GroupOptions& options) {
  Page text;
  for (const std::string& note : notes_of(analysis, options)) {
    text += paragraph(note, {.first = 0, .rest = 2});
  }
  return text;
}

Page finding_text(const analysis::Finding& finding) {
  Page page;
  for (const std::string& sentence : finding_sentences(finding)) page += paragraph(sentence);
  return page;
}

/// Parts that are not empty, with an empty line between two.
Page study_text(const analysis::StudyData& study, const Analysis& analysis, const Look& look) {
  const GroupOptions options{
      .shape = shape_of(analysis.groups), .baseline = analysis.baseline, .reps = analysis.reps};
  Page page = warning_text(look);
  if (!analysis.facts_only.empty()) {
    return page + paragraph(facts_only_sentence(analysis.facts_only)).in(Style::warning) + '\n' +
           table_head(study.environment, analysis) + facts_text(analysis);
  }
  for (Page part :
       {leaders_text(analysis.leaders, analysis.reps),
        leaders_text(analysis.load_leaders, analysis.reps), finding_text(analysis.finding)}) {
    if (!part.empty()) page += std::move(part) + '\n';
  }
  page += table_head(study.environment, analysis);
  for (const Group& group : analysis.groups) page += '\n' + render_group(group, options);
  for (Page part : {crossover_text(analysis.crossovers), harness_footer(analysis),
                    notes_text(analysis, options)}) {
    if (!part.empty()) page += '\n' + std::move(part);
  }
  return page;
}

}  // namespace

Page machine_line(const Environment& environment) {
  const std::string facts = machine(environment);
  return facts.empty() ? Page() : paragraph(facts);
}

Format text_format() {
  return {.name = "text",
          .help = "tables for people",
          .old_name = "table",
          .file = "table.txt",
          .study = study_text,
          .matrix = matrix_text,
          .comparison = comparison_text,
          .explanation = explanation_text,
          .modes = modes_text,
          .features = features_text,
          .checks = checks_text,
          .selftest = selftest_text,
          .forms = forms_text};
}

}  // namespace ub::report
