// float32 as whole numbers of 8 bits: each channel of a tensor has a scale, and a number is stored as its multiple.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace permafrost {

// Which channel an element of a tensor is in: channels come one after the other in runs of `run` elements, and after
// the last one the first again. After each `block` elements as many new channels take their place; 0: they never do.
struct Channels {
  std::uint64_t count = 0;  // in a block
  std::uint64_t run = 1;
  std::uint64_t block = 0;

  // Whether a tensor of so many elements has all of them, equally often.
  bool Divide(std::uint64_t elements) const;
  // How many channels that tensor has in all its blocks.
  std::uint64_t CountIn(std::uint64_t elements) const { return block == 0 ? count : elements / block * count; }
};

struct ChannelScales {
  std::vector<float> scales;  // one for each channel, block by block
  Channels channels;
};

// Takes the elements of a tensor in order, from `first` on. The scales are borrowed.
class Quantizer {
 public:
  Quantizer(const ChannelScales& scales, std::uint64_t first);
  Quantizer(const Quantizer&) = delete;
  Quantizer& operator=(const Quantizer&) = delete;

  // The next elements, float32; `out` has a byte for each. As `NarrowImplementation::to_int8`.
  void Convert(std::span<const std::byte> elements, std::span<std::byte> out);

 private:
  void FindScales();
  void ConvertInBlock(std::span<const std::byte> elements, std::span<std::byte> out);

  const ChannelScales& all_;
  Channels channels_;          // of a block
  std::uint64_t next_;         // in the block
  std::uint64_t block_;        // its number
  std::vector<float> strung_;  // of many rounds of channels, where these are few
  std::span<const float> scales_;
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
