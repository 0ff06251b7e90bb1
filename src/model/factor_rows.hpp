#pragma once

#include <vector>

#include "uringbench/model/factor.hpp"

/// The parts of the table, in their order.
namespace ub {

std::vector<Factor> mode_factors();     ///< engine, path and family, which --mode names
std::vector<Factor> load_factors();     ///< what is moved, over what, in what pieces
std::vector<Factor> request_factors();  ///< of workloads with requests
std::vector<Factor> server_factors();   ///< how the server works
std::vector<Factor> ring_factors();     ///< of the uring engine
std::vector<Factor> socket_factors();   ///< of connections and links
std::vector<Factor> setting_factors();  ///< how it is measured

/// For reasons of rows: whether the case's connections are TCP's.
inline bool has_tcp(const Case& c) {
  return c.transport == Transport::tcp || c.transport == Transport::tcp6;
}

}  // namespace ub
