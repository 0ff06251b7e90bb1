#include "uringbench/stats/two_term_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "series.hpp"
#include "uringbench/stats/quantile.hpp"

namespace ub::stats {
namespace {

constexpr double kBisquare = 4.685;  // 95 % efficient for normal errors
constexpr double kNoError = 1e-12;
constexpr int kMostIterations = 100;

struct Line {
  double fixed = 0;
  double per_byte = 0;
};

double relative_error(const Line& line, const SizeCost& point) {
  const double model = line.fixed + line.per_byte * static_cast<double>(point.size_bytes);
  return (point.cost - model) / point.cost;
}

std::vector<double> absolute_errors(const Line& line, std::span<const SizeCost> costs) {
  std::vector<double> errors;
  for (const SizeCost& point : costs) errors.push_back(std::fabs(relative_error(line, point)));
  return errors;
}

double sum_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

std::optional<Line> through(const SizeCost& first, const SizeCost& second) {
  if (first.size_bytes == second.size_bytes) return std::nullopt;
  const auto x = static_cast<double>(first.size_bytes);
  const double slope = (second.cost - first.cost) / (static_cast<double>(second.size_bytes) - x);
  return Line{first.cost - slope * x, slope};
}

/// Where there are many, as many as trying every pair of them on all of them has time for.
std::vector<SizeCost> some_of(std::span<const SizeCost> costs) {
  constexpr std::size_t kMost = 64;
  std::vector<SizeCost> some;
  const std::size_t count = std::min(kMost, costs.size());
  for (std::size_t i = 0; i < count; ++i) some.push_back(costs[i * costs.size() / count]);
  return some;
}

/// Least absolute relative error: some best line passes through two of the points.
std::optional<Line> least_absolute(std::span<const SizeCost> costs) {
  const std::vector<SizeCost> points = some_of(costs);
  std::optional<Line> best;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t second = 1; second < points.size(); ++second) {
    for (std::size_t first = 0; first < second; ++first) {
      const std::optional<Line> line = through(points[first], points[second]);
      if (!line) continue;
      const double sum = sum_of(absolute_errors(*line, costs));
      if (sum >= least) continue;
      least = sum;
      best = line;
    }
  }
  return best;
}

/// Scale of the errors. The two points on the line have none by construction and do not count.
double scale_of(const Line& line, std::span<const SizeCost> costs) {
  const std::vector<double> errors = sorted(absolute_errors(line, costs));
  if (errors.size() < 3) return 0;
  return kMadToSigma * quantile_of_sorted(std::span(errors).subspan(2), 0.5);
}

/// One step of weighted least squares of (cost - model) / cost. nullopt when the weights leave no
/// line.
std::optional<Line> reweighted(const Line& line, std::span<const SizeCost> costs, double scale) {
  double uu = 0, uv = 0, vv = 0, u1 = 0, v1 = 0;
  for (const SizeCost& point : costs) {
    const double distance = relative_error(line, point) / (kBisquare * scale);
    const double inside = std::max(0.0, 1 - distance * distance);
    const double weight = inside * inside;
    const double u = 1 / point.cost;
    const double v = static_cast<double>(point.size_bytes) / point.cost;
    uu += weight * u * u;
    uv += weight * u * v;
    vv += weight * v * v;
    u1 += weight * u;
    v1 += weight * v;
  }
  const double determinant = uu * vv - uv * uv;
  if (!(determinant > kNoError * uu * vv)) return std::nullopt;
  return Line{(u1 * vv - v1 * uv) / determinant, (v1 * uu - u1 * uv) / determinant};
}

Line refine(Line line, std::span<const SizeCost> costs) {
  const double scale = scale_of(line, costs);
  if (scale < kNoError) return line;
  for (int i = 0; i < kMostIterations; ++i) {
    const std::optional<Line> next = reweighted(line, costs, scale);
    if (!next) return line;
    double change = 0;
    for (const SizeCost& point : costs) {
      change += std::fabs(relative_error(*next, point) - relative_error(line, point));
    }
    line = *next;
    if (change < kNoError) break;
  }
  return line;
}

}  // namespace

std::optional<TwoTermModel> fit_two_terms(std::span<const SizeCost> costs) {
  const auto impossible = [](const SizeCost& point) { return !(point.cost > 0); };
  if (std::any_of(costs.begin(), costs.end(), impossible)) return std::nullopt;
  const std::optional<Line> start = least_absolute(costs);
  if (!start) return std::nullopt;
  const Line line = refine(*start, costs);
  TwoTermModel model{.fixed = line.fixed, .per_byte = line.per_byte, .residuals = {}, .worst = {}};
  for (const SizeCost& point : costs) {
    model.residuals.push_back({point.size_bytes, relative_error(line, point)});
  }
  model.worst = *std::max_element(model.residuals.begin(), model.residuals.end(),
                                  [](const Residual& x, const Residual& y) {
                                    return std::fabs(x.relative) < std::fabs(y.relative);
                                  });
  return model;
}

std::optional<double> predicted_crossover(const TwoTermModel& a, const TwoTermModel& b) {
  const double size_bytes = (b.fixed - a.fixed) / (a.per_byte - b.per_byte);
  if (!std::isfinite(size_bytes) || size_bytes <= 0) return std::nullopt;
  return size_bytes;
}

}  // namespace ub::stats
