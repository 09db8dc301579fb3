// float32 as whole numbers of 8 bits: each channel of a tensor has a scale, and a number is stored as its multiple.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace permafrost {

// Which channel an element of a tensor is in: channels come one after the other in runs of `run` elements, and after
// the last one the first again.
struct Channels {
  std::uint64_t count = 0;
  std::uint64_t run = 1;

  // Whether a tensor of so many elements has all of them, equally often.
  bool Divide(std::uint64_t elements) const;
};

struct ChannelScales {
  std::vector<float> scales;  // one for each channel
  std::uint64_t run = 1;

  Channels channels() const { return {scales.size(), run}; }
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
  Channels channels_;
  std::vector<float> strung_;  // of many rounds of channels, where these are few
  std::span<const float> scales_;
  std::uint64_t next_;
};

// The largest magnitude of each channel, as the bits of a float32: those of a NaN or an infinity where there is one.
class ChannelMaxima {
 public:
  ChannelMaxima(Channels channels, std::uint64_t first);

  // The next elements, float32.
  void Take(std::span<const std::byte> elements);

  // Raises each of `maxima`, one for each channel, to that of the elements that were taken.
  void RaiseInto(std::span<std::uint32_t> maxima) const;

 private:
  std::span<std::uint32_t> From(std::size_t place, std::size_t count);

  Channels channels_;
  std::uint64_t first_;  // the channel that `maxima_` begins with; the others follow, the first after the last
  std::uint64_t next_;
  std::vector<std::uint32_t> maxima_;
};

}  // namespace permafrost
