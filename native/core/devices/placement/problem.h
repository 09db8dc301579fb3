// A graph as placement sees it: columns of numbers. Bodies of functions are more nodes that no edge connects with
// others.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "devices/op_kind.h"

namespace permafrost::devices {

// What an op costs where it runs, as far as placement cares.
enum class Work : std::uint8_t {
  kFree,   // it computes nothing, or next to it: constants, shapes, identities
  kLight,  // it goes through its tensors about once
  kHeavy,  // it outweighs moving its tensors over a bus: convolutions, products of matrices
};

// A device that nodes may be put on.
struct Device {
  std::size_t target = 0;  // a column of `answers`
  bool is_host = false;
  // Where a node goes that cannot be here; -1: nowhere else. Following it never comes back.
  std::int32_t next = -1;
};

struct Problem {
  std::vector<OpKind> kinds;
  std::vector<Device> devices;
  std::size_t target_count = 0;
  // What target t answers about kind k is answers[k * target_count + t].
  std::vector<KernelAnswer> answers;
  // By kind.
  std::vector<Work> work;

  // The device that nodes are wanted on that nobody asked anything of; -1: they are left open.
  std::int32_t preferred = -1;

  // By node.
  std::span<const std::int32_t> kinds_of_nodes;
  std::span<const std::int32_t> asked;  // the device that a rule names; -1: none

  // Nodes that a target refused to have on one of its devices, and why.
  struct Veto {
    std::int32_t node;
    std::int32_t device;
    std::string reason;
  };
  std::vector<Veto> vetoes;

  // By edge of data: output `outputs[i]` of node `producers[i]` is input `inputs[i]` of node `consumers[i]`.
  std::span<const std::int32_t> producers;
  std::span<const std::int32_t> outputs;
  std::span<const std::int32_t> consumers;
  std::span<const std::int32_t> inputs;
  // How much is moved where the edge crosses a bus, at least; 0 where nobody knows. One tensor, one number: the first
  // edge's that carries it.
  std::span<const double> bytes;

  // Pairs of nodes that stay together: node `bond_firsts[i]` with `bond_seconds[i]`.
  std::span<const std::int32_t> bond_firsts;
  std::span<const std::int32_t> bond_seconds;
};

}  // namespace permafrost::devices
