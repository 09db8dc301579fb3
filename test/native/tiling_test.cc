#include "tensor/tiling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace permafrost {
namespace {

// Cuts a box into pieces by cuts along random axes, in random order.
std::vector<Region> CutAtRandom(const Region& whole, std::mt19937& random) {
  std::vector<Region> pieces = {whole};
  for (std::size_t cuts = random() % 12; cuts > 0; --cuts) {
    const std::size_t chosen = random() % pieces.size();
    const std::size_t axis = random() % whole.size();
    Region rest = pieces[chosen];
    if (rest[axis].length < 2) continue;
    const auto length = static_cast<std::int64_t>(1 + random() % static_cast<std::uint64_t>(rest[axis].length - 1));
    pieces[chosen][axis].length = length;
    rest[axis] = {rest[axis].start + length, rest[axis].length - length};
    pieces.push_back(rest);
  }
  std::ranges::shuffle(pieces, random);
  return pieces;
}

// Calls `take` with each place in the box, in row-major order.
template <typename Take>
void ForEachPlace(const Region& box, Take take, std::vector<std::int64_t> at = {}) {
  if (at.size() == box.size()) return take(at);
  const Extent& extent = box[at.size()];
  for (std::int64_t i = extent.start; i < extent.end(); ++i) {
    at.push_back(i);
    ForEachPlace(box, take, at);
    at.pop_back();
  }
}

using Element = std::pair<std::size_t, std::uint64_t>;  // which piece, and the place in it

// Found by looking at all pieces for each element.
std::vector<Element> ElementsOneByOne(const Region& wanted, std::span<const Region> pieces) {
  std::vector<Element> elements;
  ForEachPlace(wanted, [&](const std::vector<std::int64_t>& at) {
    for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
      std::uint64_t place = 0;
      bool is_in = true;
      for (std::size_t axis = 0; axis < at.size(); ++axis) {
        const Extent& extent = pieces[piece][axis];
        is_in = is_in && at[axis] >= extent.start && at[axis] < extent.end();
        place = place * static_cast<std::uint64_t>(extent.length) + static_cast<std::uint64_t>(at[axis] - extent.start);
      }
      if (is_in) elements.emplace_back(piece, place);
    }
  });
  return elements;
}

TEST(TilingTest, GivesEachElementOfRandomTilings) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    Region whole;
    for (std::size_t axis = 1 + random() % 4; axis > 0; --axis)
      whole.push_back({0, static_cast<int>(1 + random() % 5)});
    Region wanted = CutAtRandom(whole, random).front();
    std::vector<Region> pieces = CutAtRandom(whole, random);
    std::erase_if(pieces, [&](const Region& piece) { return !Intersect(piece, wanted); });

    const auto tiling = Tiling::Of(wanted, pieces, "t");
    ASSERT_TRUE(tiling.ok()) << tiling.status().message();
    std::vector<Element> elements;
    std::size_t runs = 0;
    Tiling::Place place;
    while (const auto run = tiling.value().Next(place)) {
      ++runs;
      for (std::uint64_t i = 0; i < run->count; ++i) elements.emplace_back(run->piece, run->first + i);
    }
    ASSERT_EQ(elements, ElementsOneByOne(wanted, pieces)) << round;
    EXPECT_EQ(tiling.value().is_one_run(), runs == 1) << round;
    EXPECT_FALSE(tiling.value().Next(place));
  }
}

TEST(TilingTest, RefusesRandomTilingsWithAPieceLessOrOneMore) {
  std::mt19937 random(8);
  const Region whole = {{0, 5}, {0, 4}, {0, 3}};
  for (int round = 0; round < 500; ++round) {
    std::vector<Region> pieces = CutAtRandom(whole, random);
    const Region last = pieces.back();
    pieces.pop_back();
    if (!pieces.empty()) {
      EXPECT_EQ(Tiling::Of(whole, pieces, "t").status().code(), StatusCode::kCheckpointMalformed);
    }
    pieces.insert(pieces.end(), {last, CutAtRandom(whole, random).front()});
    EXPECT_EQ(Tiling::Of(whole, pieces, "t").status().code(), StatusCode::kCheckpointMalformed);
  }
}

TEST(TilingTest, AScalarIsOnePiece) {
  const auto tiling = Tiling::Of({}, {{}}, "t");
  ASSERT_TRUE(tiling.ok());
  EXPECT_TRUE(tiling.value().is_one_run());
  for (const std::size_t count : {std::size_t{0}, std::size_t{2}}) {
    const Status status = Tiling::Of({}, std::vector<Region>(count), "t").status();
    EXPECT_EQ(status.message(), "bad slices (a scalar in slices): t");
    EXPECT_EQ(status.code(), StatusCode::kCheckpointMalformed);
  }
}

// Columns that are cut at another row each: nearly as many runs as elements.
TEST(TilingTest, EndsEarlyWhenAsked) {
  std::vector<Region> pieces;
  for (std::int64_t column = 0; column < 100; ++column) {
    pieces.push_back({{0, 1 + column % 99}, {column, 1}});
    pieces.push_back({{1 + column % 99, 99 - column % 99}, {column, 1}});
  }
  const Region whole = {{0, 100}, {0, 100}};
  const Stop stop;
  EXPECT_TRUE(Tiling::Of(whole, pieces, "t", {stop}).ok());
  stop.Ask();
  EXPECT_EQ(Tiling::Of(whole, pieces, "t", {stop}).status().code(), StatusCode::kAborted);
}

}  // namespace
}  // namespace permafrost
