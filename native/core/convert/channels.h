// Which channel an element of a tensor is in, and the walk along elements with what each channel has.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace permafrost {

// Channels come one after the other in runs of `run` elements, and after the last one the first again. After each
// `block` elements as many new channels take their place; 0: they never do.
struct Channels {
  std::uint64_t count = 0;  // in a block
  std::uint64_t run = 1;
  std::uint64_t block = 0;

  // Whether a tensor of so many elements has all of them, equally often.
  bool Divide(std::uint64_t elements) const;
  // How many channels that tensor has in all its blocks.
  std::uint64_t CountIn(std::uint64_t elements) const { return block == 0 ? count : elements / block * count; }
};

// Channels that take turns element by element, as many rounds of them as make a long run; others as they are.
Channels Strung(Channels channels);

// Cuts the next `count` elements of a block, the first of which is number `first` of it. `visit` gets how many
// neighbours are all in one channel, or, where runs are of 1, in the channels from that one on.
template <typename Visit>
void ForEachRun(const Channels& channels, std::uint64_t first, std::uint64_t count, Visit visit) {
  while (count > 0) {
    const std::uint64_t place = first % (channels.count * channels.run);
    const std::uint64_t most = channels.run == 1 ? channels.count - place : channels.run - place % channels.run;
    const std::uint64_t taken = std::min(most, count);
    visit(place / channels.run, static_cast<std::size_t>(taken));
    count -= taken;
    first += taken;
  }
}

// Takes the elements of a tensor in order, from number `first` on. The scales, one for each channel, block by block,
// are borrowed.
template <typename Scale>
class ChannelWalk {
 public:
  ChannelWalk(std::span<const Scale> scales, const Channels& channels, std::uint64_t first)
      : all_(scales),
        count_(static_cast<std::size_t>(channels.count)),
        channels_(Strung(channels)),
        next_(channels.block == 0 ? first : first % channels.block),
        block_(channels.block == 0 ? 0 : first / channels.block) {
    FindScales();
  }
  ChannelWalk(const ChannelWalk&) = delete;
  ChannelWalk& operator=(const ChannelWalk&) = delete;

  // Of the next `count` elements, `visit` gets stretch after stretch the scales, one for each or one for all, and how
  // many they are.
  template <typename Visit>
  void Next(std::size_t count, Visit visit) {
    while (channels_.block != 0 && count > channels_.block - next_) {
      const auto left = static_cast<std::size_t>(channels_.block - next_);
      NextInBlock(left, visit);
      count -= left;
      next_ = 0;
      ++block_;
      FindScales();
    }
    NextInBlock(count, visit);
  }

 private:
  template <typename Visit>
  void NextInBlock(std::size_t count, Visit& visit) {
    ForEachRun(channels_, next_, count, [&](std::uint64_t channel, std::size_t run) {
      visit(scales_.subspan(static_cast<std::size_t>(channel), channels_.run == 1 ? run : 1), run);
    });
    next_ += count;
  }

  void FindScales() {
    // After the last block there are none.
    const auto begin = std::min(all_.size(), static_cast<std::size_t>(block_) * count_);
    scales_ = all_.subspan(begin, std::min(count_, all_.size() - begin));
    if (channels_.count == count_ || scales_.empty()) return;
    strung_.clear();
    while (strung_.size() < channels_.count) strung_.insert(strung_.end(), scales_.begin(), scales_.end());
    scales_ = strung_;
  }

  std::span<const Scale> all_;
  std::size_t count_;  // of channels in a block
  Channels channels_;
  std::uint64_t next_;         // in the block
  std::uint64_t block_;        // its number
  std::vector<Scale> strung_;  // of many rounds of channels, where these are few
  std::span<const Scale> scales_;
};

}  // namespace permafrost
