// Joins islands: moves groups that nobody asked anything of down the chain of devices, where that saves more transfers
// than it costs.
//
// What is made least, over all devices that the groups can have, is
//
//   sum over groups g that are not on First(g):  leaving(g)
// + sum over tensors t:  64 KiB * |{devices of t's consumers} \ {device of its producer}|
//                      + bytes(t) * |{memories that t's consumers want it in} \ {the memory that it is made in}|
//
// with leaving(g) = the sum over its nodes of 1 for free ones, 4 KiB + (bytes of all outputs) / 16 for light ones;
// groups with heavy nodes stay. So a tensor with many consumers is sent to a device once, and copied to a memory once,
// wherever in it the consumers are; an argument in host memory costs its bytes although no device is left; and bytes
// between two hosts cost nothing.
//
// One device at a time, each group says whether it moves there or keeps what it has: a minimum cut. "Sent to device d,
// once" takes one more vertex for each tensor and device with several consumers, that moves when any of them does (or
// stays when any does). With two devices, at least one of which is a host's, that is exact: no other placement costs
// less, and of those that cost as little it is the one that leaves the most where they were. With more devices it is
// done in turn until no device makes it cheaper (alpha expansion: Y. Boykov, O. Veksler, R. Zabih, "Fast approximate
// energy minimization via graph cuts", 2001), so the result is never dearer than without. A few terms of ops that want
// host memory on one accelerator and not on the other are no cut's; they are priced at the most that they can cost.
//
// There are graphs whose least cut takes very long to find. After so many steps the search ends with those moves that
// were certain to be part of it.
#pragma once

#include <cstdint>
#include <vector>

#include "devices/placement/choices.h"
#include "devices/placement/groups.h"
#include "devices/placement/problem.h"

namespace permafrost::devices {

struct LeastCut {
  // By group; -1: left open.
  std::vector<std::int32_t> devices;
  // The steps did not suffice: it is not dearer than without, but another may be cheaper.
  bool is_cut_short = false;
};

// How often a vertex or an arc of a cut, a group or an edge may be looked at. Steps are counted, and no time is taken,
// so that a graph is placed alike on every machine. A graph of 120,000 nodes takes a few millions; all of them take
// about a second.
inline constexpr std::int64_t kMostSteps = 40'000'000;

LeastCut CutLeast(const Problem& problem, const Groups& groups, const Choices& choices,
                  std::int64_t steps = kMostSteps);

}  // namespace permafrost::devices
