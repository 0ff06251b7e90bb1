#include <gtest/gtest.h>

#include "latency.hpp"

namespace ub::load {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

LatencyReport report_of(const LatencyBook& book, Loop loop) {
  LatencyReport report;
  book.add_to(report);
  conclude(report, loop, kSecond);
  return report;
}

TEST(LatencyBookTest, WhatWasPlannedInTheWindowCountsWheneverItIsAnswered) {
  Window window;
  LatencyBook book(window);
  const Ticket before{999, 999, 0, book.plan(999)};
  window.open(1000);
  const Ticket inside{1000, 1010, 0, book.plan(1000)};
  const Ticket late{1999, 2100, 0, book.plan(1999)};
  const Ticket unanswered{1500, 0, 0, book.plan(1500)};
  window.close(2000);
  const Ticket after{2000, 2000, 0, book.plan(2000)};
  EXPECT_TRUE(inside.counted && late.counted && unanswered.counted);
  EXPECT_FALSE(before.counted || after.counted);
  book.record_response(before, 1100);
  book.record_response(inside, 1110);
  book.record_response(late, 2200);
  book.record_response(after, 2200);
  const LatencyReport report = report_of(book, Loop::open);
  EXPECT_EQ(report.planned, 3U);
  EXPECT_EQ(report.unanswered(), 1U);
  EXPECT_EQ(report.response.dump().sum_ns, 110 + 201);
  EXPECT_EQ(report.service.dump().sum_ns, 100 + 100);
  EXPECT_EQ(report.answered, 2U) << "those that arrived at 1100 and 1110";
}

TEST(LatencyBookTest, BooksOfThreadsAddUp) {
  Window window;
  window.open(0);
  LatencyBook one(window);
  LatencyBook two(window);
  one.record_response({10, 10, 0, one.plan(10)}, 30);
  two.record_response({10, 20, 0, two.plan(10)}, 50);
  two.record_lateness(10);
  LatencyReport report;
  one.add_to(report);
  two.add_to(report);
  EXPECT_EQ(report.planned, 2U);
  EXPECT_EQ(report.response.max(), 40U);
  EXPECT_EQ(report.service.min(), 20U);
  EXPECT_EQ(report.lateness.count(), 1U);
}

TEST(LatencyBookTest, AClosedLoopOffersNothingAndIsNeverOverloaded) {
  Window window;
  window.open(0);
  LatencyBook book(window);
  for (int i = 0; i < 100; ++i) book.plan(10);
  EXPECT_FALSE(report_of(book, Loop::closed).offered_per_s);
  EXPECT_FALSE(report_of(book, Loop::closed).overloaded);
  EXPECT_EQ(report_of(book, Loop::open).offered_per_s, 100);
  EXPECT_EQ(report_of(book, Loop::open).achieved_per_s, 0);
  EXPECT_TRUE(report_of(book, Loop::open).overloaded);
}

TEST(LatencyBookTest, FallingShortIsOnePercentAndMoreThanTheEdges) {
  EXPECT_FALSE(falls_short(0, 0));
  EXPECT_FALSE(falls_short(10'000, 9'900));
  EXPECT_TRUE(falls_short(10'000, 9'899));
  EXPECT_FALSE(falls_short(100, 98)) << "two may be under way at the end of any window";
  EXPECT_TRUE(falls_short(100, 97));
  EXPECT_TRUE(falls_short(10, 5));
  EXPECT_FALSE(falls_short(100, 105)) << "leftovers from before the window";
}

}  // namespace
}  // namespace ub::load
