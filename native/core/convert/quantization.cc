#include "convert/quantization.h"

#include <algorithm>
#include <limits>

#include "convert/narrow.h"

namespace permafrost {
namespace {

// Numbers that are done in one go; shorter runs of channels are strung together where that is possible.
constexpr std::uint64_t kLongRun = 1024;

// Channels that take turns element by element, as many rounds of them as make a long run.
Channels Strung(Channels channels) {
  const std::uint64_t longest = channels.block == 0 ? kLongRun : std::min(kLongRun, channels.block);
  if (channels.run > 1 || channels.count >= longest) return channels;
  return {channels.count * (longest / channels.count), 1, channels.block};
}

// Cuts the elements of a block, the first of which is number `first` of it. `visit` gets neighbours that are all in one
// channel, or, where runs are of 1, in the channels from that one on.
template <typename Visit>
void ForEachRun(Channels channels, std::uint64_t first, std::span<const std::byte> elements, Visit visit) {
  while (!elements.empty()) {
    const std::uint64_t place = first % (channels.count * channels.run);
    const std::uint64_t most = channels.run == 1 ? channels.count - place : channels.run - place % channels.run;
    const std::uint64_t taken = std::min<std::uint64_t>(most, elements.size() / sizeof(float));
    visit(place / channels.run, elements.first(static_cast<std::size_t>(taken * sizeof(float))));
    elements = elements.subspan(static_cast<std::size_t>(taken * sizeof(float)));
    first += taken;
  }
}

}  // namespace

bool Channels::Divide(std::uint64_t elements) const {
  if (count == 0 || run == 0 || count > std::numeric_limits<std::uint64_t>::max() / run) return false;
  if (block != 0 && elements % block != 0) return false;
  return (block == 0 ? elements : block) % (count * run) == 0;
}

Quantizer::Quantizer(const ChannelScales& scales, std::uint64_t first)
    : all_(scales),
      channels_(Strung(scales.channels)),
      next_(channels_.block == 0 ? first : first % channels_.block),
      block_(channels_.block == 0 ? 0 : first / channels_.block) {
  FindScales();
}

void Quantizer::FindScales() {
  const auto count = static_cast<std::size_t>(all_.channels.count);
  scales_ = std::span(all_.scales).subspan(static_cast<std::size_t>(block_) * count, count);
  if (channels_.count == count) return;
  strung_.clear();
  while (strung_.size() < channels_.count) strung_.insert(strung_.end(), scales_.begin(), scales_.end());
  scales_ = strung_;
}

void Quantizer::Convert(std::span<const std::byte> elements, std::span<std::byte> out) {
  while (channels_.block != 0 && elements.size() / sizeof(float) > channels_.block - next_) {
    const auto left = static_cast<std::size_t>(channels_.block - next_);
    ConvertInBlock(elements.first(left * sizeof(float)), out);
    elements = elements.subspan(left * sizeof(float));
    out = out.subspan(left);
    next_ = 0;
    ++block_;
    FindScales();
  }
  ConvertInBlock(elements, out);
}

void Quantizer::ConvertInBlock(std::span<const std::byte> elements, std::span<std::byte> out) {
  const NarrowImplementation& best = BestNarrowImplementation();
  ForEachRun(channels_, next_, elements, [&](std::uint64_t channel, std::span<const std::byte> run) {
    const std::size_t count = run.size() / sizeof(float);
    const auto scales = scales_.subspan(static_cast<std::size_t>(channel));
    if (channels_.run == 1) {
      best.to_int8(run, scales.first(count), out);
    } else {
      best.to_int8_by(run, scales.front(), out);
    }
    out = out.subspan(count);
    next_ += count;
  });
}

ChannelMaxima::ChannelMaxima(Channels channels, std::uint64_t first)
    : channels_(Strung(channels)), first_(first / channels_.run % channels_.count), next_(first) {}

void ChannelMaxima::Take(std::span<const std::byte> elements) {
  const NarrowImplementation& best = BestNarrowImplementation();
  ForEachRun(channels_, next_, elements, [&](std::uint64_t channel, std::span<const std::byte> run) {
    const std::size_t count = run.size() / sizeof(float);
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
    next_ += count;
  });
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
