#include "convert/quantization.h"

#include <algorithm>

#include "convert/narrow.h"

namespace permafrost {

void Quantizer::Convert(std::span<const std::byte> elements, std::span<std::byte> out) {
  const NarrowImplementation& best = BestNarrowImplementation();
  walk_.Next(elements.size() / sizeof(float), [&](std::span<const float> scales, std::size_t count) {
    const auto run = elements.first(count * sizeof(float));
    if (scales.size() == count) {
      best.to_int8(run, scales, out);
    } else {
      best.to_int8_by(run, scales.front(), out);
    }
    elements = elements.subspan(run.size());
    out = out.subspan(count);
  });
}

ChannelMaxima::ChannelMaxima(Channels channels, std::uint64_t first)
    : channels_(Strung(channels)), first_(first / channels_.run % channels_.count), next_(first) {}

void ChannelMaxima::Take(std::span<const std::byte> elements) {
  const NarrowImplementation& best = BestNarrowImplementation();
  const std::size_t all = elements.size() / sizeof(float);
  ForEachRun(channels_, next_, all, [&](std::uint64_t channel, std::size_t count) {
    const auto run = elements.first(count * sizeof(float));
    const auto place = static_cast<std::size_t>((channel + channels_.count - first_) % channels_.count);
    if (channels_.run > 1) {
      std::uint32_t& maximum = From(place, 1).front();
      maximum = best.largest(run, maximum);
    } else {
      // A run goes to the last channel at most, but may go past the one that `maxima_` begins with.
      const std::size_t head = std::min(count, static_cast<std::size_t>(channels_.count) - place);
      best.raise(run.first(head * sizeof(float)), From(place, head));
      if (head < count) best.raise(run.subspan(head * sizeof(float)), From(0, count - head));
    }
    elements = elements.subspan(run.size());
  });
  next_ += all;
}

// Of many channels, a stretch of the tensor has few.
std::span<std::uint32_t> ChannelMaxima::From(std::size_t place, std::size_t count) {
  if (place + count > maxima_.size()) maxima_.resize(place + count);
  return std::span(maxima_).subspan(place, count);
}

void ChannelMaxima::RaiseInto(std::span<std::uint32_t> maxima) const {
  for (std::size_t i = 0; i < maxima_.size(); ++i) {
    std::uint32_t& maximum = maxima[static_cast<std::size_t>((first_ + i) % maxima.size())];
    maximum = std::max(maximum, maxima_[i]);
  }
}

}  // namespace permafrost
