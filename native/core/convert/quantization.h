// float32 as whole numbers of 8 bits: each channel of a tensor has a scale, and a number is stored as its multiple.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "convert/channels.h"

namespace permafrost {

struct ChannelScales {
  std::vector<float> scales;  // one for each channel, block by block
  Channels channels;
};

// Takes the elements of a tensor in order, from `first` on. The scales are borrowed.
class Quantizer {
 public:
  Quantizer(const ChannelScales& scales, std::uint64_t first) : walk_(scales.scales, scales.channels, first) {}

  // The next elements, float32; `out` has a byte for each. As `NarrowImplementation::to_int8`.
  void Convert(std::span<const std::byte> elements, std::span<std::byte> out);

 private:
  ChannelWalk<float> walk_;
};

// The largest magnitude of each channel of a block, as the bits of a float32: those of a NaN or an infinity where there
// is one.
class ChannelMaxima {
 public:
  // `first` is the number of the first element in its block.
  ChannelMaxima(Channels channels, std::uint64_t first);

  // The next elements of the block, float32.
  void Take(std::span<const std::byte> elements);

  // Raises each of `maxima`, one for each channel of the block, to that of the elements that were taken.
  void RaiseInto(std::span<std::uint32_t> maxima) const;

 private:
  std::span<std::uint32_t> From(std::size_t place, std::size_t count);

  Channels channels_;
  std::uint64_t first_;  // the channel that `maxima_` begins with; the others follow, the first after the last
  std::uint64_t next_;
  std::vector<std::uint32_t> maxima_;
};

}  // namespace permafrost
