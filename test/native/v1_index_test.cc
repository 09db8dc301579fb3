#include "v1/v1_index.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "source.h"
#include "v1_builder.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::BuildTable;
using test::BytesField;
using test::Fixed;
using test::SnappyElements;
using test::Source;
using test::TableOfBlock;
using test::V1Builder;
using test::Varint;
using test::VarintField;
using test::WithTrailer;

constexpr int kFloat = 1;
const std::string kTwoFloats = BytesField(5, "12345678");

// The entries of files numbered from 0.
Result<std::vector<TensorEntry>> Read(const std::vector<std::string>& files) {
  V1Index index;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (Status status = index.AddFile(Source(files[i]), "f" + std::to_string(i)); !status.ok()) return status;
  }
  return index.TakeEntries();
}

std::string Refusal(const std::vector<std::string>& files) { return Read(files).status().message(); }

// What a piece's bytes are in its file.
std::string PieceOf(const std::string& file, const StoredPiece& piece) {
  return file.substr(static_cast<std::size_t>(piece.offset), static_cast<std::size_t>(piece.size));
}

TEST(V1IndexTest, FindsTheValuesOfWholeTensors) {
  V1Builder builder;
  builder.Add("w", kFloat, {2}).Slice({{0, -1}}, kTwoFloats);
  builder.Add("a", kFloat, {}).Slice({}, BytesField(5, "abcd"));
  const std::string file = builder.File();
  const auto entries = Read({file});
  ASSERT_TRUE(entries.ok()) << entries.status().message();
  ASSERT_EQ(entries.value().size(), 2u);
  const TensorEntry& scalar = entries.value()[0];
  EXPECT_EQ(scalar.key, "a");
  EXPECT_TRUE(scalar.shape.empty());
  EXPECT_TRUE(scalar.slices.empty());
  EXPECT_EQ(PieceOf(file, scalar), BytesField(5, "abcd"));
  const TensorEntry& vector = entries.value()[1];
  EXPECT_EQ(vector.key, "w");
  EXPECT_EQ(vector.dtype, DataType::kFloat32);
  EXPECT_EQ(vector.shape, std::vector<std::int64_t>{2});
  EXPECT_TRUE(vector.slices.empty());
  EXPECT_EQ(PieceOf(file, vector), kTwoFloats);
}

TEST(V1IndexTest, BringsTogetherTheSlicesOfSeveralFiles) {
  V1Builder first;
  first.Add("w", kFloat, {4}).Slice({{2, 2}}, BytesField(5, "56785678"));
  V1Builder second;
  second.Add("w", kFloat, {4}).Slice({{0, 2}}, kTwoFloats);
  const std::string file = second.File();
  const auto entries = Read({first.File(), file});
  ASSERT_TRUE(entries.ok()) << entries.status().message();
  ASSERT_EQ(entries.value().size(), 1u);
  const TensorEntry& entry = entries.value()[0];
  ASSERT_EQ(entry.slices.size(), 2u);
  EXPECT_EQ(entry.slices[0].shard, 0u);
  EXPECT_EQ(entry.slices[0].region, (Region{{2, 2}}));
  EXPECT_EQ(entry.slices[1].shard, 1u);
  EXPECT_EQ(entry.slices[1].region, (Region{{0, 2}}));
  EXPECT_EQ(PieceOf(file, entry.slices[1]), kTwoFloats);
  EXPECT_EQ(entry.size, entry.slices[0].size + entry.slices[1].size);
}

TEST(V1IndexTest, IgnoresRecordsThatAreNotListed) {
  V1Builder builder;
  builder.Add("w", kFloat, {2}).Slice({{0, -1}}, kTwoFloats).Record("other", {{0, -1}}, "");
  const auto entries = Read({builder.File()});
  ASSERT_TRUE(entries.ok()) << entries.status().message();
  EXPECT_EQ(entries.value().size(), 1u);
}

TEST(V1IndexTest, RefusesTablesWithoutAList) {
  EXPECT_EQ(Refusal({BuildTable({})}), "bad V1 checkpoint (its list of tensors is missing): f0");
  EXPECT_EQ(Refusal({BuildTable({{"w", ""}})}), "bad V1 checkpoint (its list of tensors is missing): f0");
  EXPECT_EQ(Refusal({BuildTable({{"", "\x0a"}})}), "bad V1 checkpoint (its list of tensors is malformed): f0");
  EXPECT_EQ(Refusal({"no table"}), "not a tensor bundle index (shorter than a table footer): f0");
}

TEST(V1IndexTest, RefusesNewerVersions) {
  V1Builder builder;
  builder.set_versions(VarintField(2, 7));
  const auto status = Read({builder.File()}).status();
  EXPECT_EQ(status.code(), StatusCode::kCheckpointUnsupported);
  EXPECT_EQ(status.message(),
            "unsupported V1 checkpoint (made for readers of version 7, this one knows version 1): f0");
}

TEST(V1IndexTest, RefusesWhatNoTensorCanBe) {
  const auto refusal = [](std::int64_t dtype, std::vector<std::int64_t> shape, std::string_view more = "") {
    return Refusal({V1Builder().Add("w", dtype, shape, more).File()});
  };
  EXPECT_EQ(refusal(99, {2}), "bad V1 checkpoint (tensor 'w': unknown dtype 99): f0");
  EXPECT_EQ(refusal(kFloat, {-2}), "bad V1 checkpoint (tensor 'w': dimension of -2): f0");
  EXPECT_EQ(refusal(kFloat, {1LL << 40, 1LL << 40}), "bad V1 checkpoint (tensor 'w': too many elements): f0");
  EXPECT_EQ(refusal(kFloat, {2}, BytesField(2, VarintField(3, 1))), "bad V1 checkpoint (tensor 'w': unknown rank): f0");
}

TEST(V1IndexTest, RefusesNamesThatAreNotUtf8) {
  EXPECT_EQ(Refusal({V1Builder().Add("bad\xfe", kFloat, {2}).File()}),
            "bad V1 checkpoint (tensor 'bad\\xfe': a name that is not UTF-8): f0");
}

TEST(V1IndexTest, RefusesSlicesThatDoNotFit) {
  const auto refusal = [](V1Builder builder) { return Refusal({builder.File()}); };
  EXPECT_EQ(refusal(V1Builder().Add("w", kFloat, {2}).Slice({{1, 2}}, kTwoFloats)),
            "bad V1 checkpoint (slice 1,2 of tensor 'w' is outside its shape): f0");
  EXPECT_EQ(refusal(V1Builder().Add("w", kFloat, {2}).Slice({{0, 2}, {0, 1}}, kTwoFloats)),
            "bad V1 checkpoint (slice 0,2:0,1 of tensor 'w' is outside its shape): f0");
  EXPECT_EQ(refusal(V1Builder().Add("w", kFloat, {2}).Slice({{0, -1}}, "").List({{0, -1}})),
            "bad V1 checkpoint (slice - of tensor 'w' is listed twice): f0");
  EXPECT_EQ(refusal(V1Builder().Add("w", kFloat, {2}).List({{0, -1}})),
            "bad V1 checkpoint (slice - of tensor 'w' has no record): f0");
  EXPECT_EQ(refusal(V1Builder().Add("w", kFloat, {}).List({})), "bad V1 checkpoint (tensor 'w' has no record): f0");
}

TEST(V1IndexTest, RefusesFilesThatDisagree) {
  const std::string floats = V1Builder().Add("w", kFloat, {2}).File();
  EXPECT_EQ(Refusal({floats, V1Builder().Add("w", kFloat, {3}).File()}),
            "bad V1 checkpoint (tensor 'w': two files disagree about its type or shape): f1");
  EXPECT_EQ(Refusal({floats, V1Builder().Add("w", 3, {2}).File()}),
            "bad V1 checkpoint (tensor 'w': two files disagree about its type or shape): f1");
}

TEST(V1IndexTest, RefusesDamagedRecords) {
  V1Builder builder;
  builder.Add("w", kFloat, {2}).Slice({{0, -1}}, kTwoFloats);
  EXPECT_EQ(Refusal({BuildTable({{"", BytesField(1, "")}, {"w", ""}})}),
            "bad V1 checkpoint (malformed key of a slice, 'w'): f0");
  std::string file = builder.File();
  file[file.find("12345678")] = '0';
  EXPECT_EQ(Read({file}).status().code(), StatusCode::kChecksumMismatch);
  builder.table().snappy = true;
  EXPECT_EQ(Refusal({builder.File()}), "bad V1 checkpoint (slice - of tensor 'w' is compressed): f0");
}

TEST(V1IndexTest, RefusesAListThatUnfoldsTooFar) {
  // An empty slice, two bytes, copied over and over: three bytes of Snappy for every 32 slices.
  const std::size_t copies = 40'000;
  const std::string slice = BytesField(4, "");
  const std::string name = BytesField(1, "w") + VarintField(3, kFloat);
  const std::size_t tensor_size = name.size() + slice.size() + copies * 64;
  const std::string tensor = Varint(1 << 3 | 2) + Varint(tensor_size);
  const std::string meta = Varint(1 << 3 | 2) + Varint(tensor.size() + tensor_size);
  const std::size_t value_size = meta.size() + tensor.size() + tensor_size;
  const std::string entry = Varint(0) + Varint(0) + Varint(value_size);
  const std::string restarts = Fixed(0, 4) + Fixed(1, 4);
  std::string stream = SnappyElements(entry + meta + tensor + name + slice);
  for (std::size_t i = 0; i < copies; ++i) stream += "\xfe" + Fixed(2, 2);
  stream += SnappyElements(restarts);
  const std::size_t block_size = entry.size() + value_size + restarts.size();
  EXPECT_EQ(Refusal({TableOfBlock(WithTrailer(Varint(block_size) + stream, 1))}),
            "bad V1 checkpoint (more tensors than a file of its size can hold): f0");
}

TEST(V1IndexTest, EveryCutIsRefused) {
  V1Builder builder;
  builder.Add("w", kFloat, {2}).Slice({{0, -1}}, kTwoFloats);
  const std::string file = builder.File();
  for (std::size_t size = 0; size < file.size(); ++size) EXPECT_FALSE(Read({file.substr(0, size)}).ok()) << size;
}

}  // namespace
}  // namespace permafrost
