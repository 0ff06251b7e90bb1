#include "factors.hpp"

namespace ub::report {

bool comparable(const Case& left, const Case& right) {
  return with_default_variants(left) == with_default_variants(right);
}

}  // namespace ub::report
