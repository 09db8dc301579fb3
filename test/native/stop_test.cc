#include "stop.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "bundle_builder.h"
#include "checkpoint/checkpoint.h"
#include "io/input_file.h"
#include "pieces/v1_piece.h"
#include "plan/payload.h"
#include "source.h"
#include "table/table.h"
#include "table_builder.h"
#include "temporary_folder.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::BundleBuilder;
using test::BytesField;
using test::Source;
using test::TemporaryFolder;
using test::Varint;

TEST(StopTest, IsAskedOfAllCopies) {
  const Stop stop;
  EXPECT_TRUE(stop.is_last());
  const Stop copy = stop;
  EXPECT_FALSE(stop.is_last());
  EXPECT_TRUE(copy.Check().ok());
  stop.Ask();
  EXPECT_EQ(copy.Check().code(), StatusCode::kAborted);
  EXPECT_TRUE(Stop().Check().ok());
}

TEST(StopTest, EndsReadingFromAFile) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "f", "0123456789");
  const Stop stop;
  const auto file = InputFile::Open(folder / "f", {}, stop);
  ASSERT_TRUE(file.ok()) << file.status().message();
  std::string bytes = "....";
  const auto read = [&] { return file.value().ReadAt(2, std::as_writable_bytes(std::span(bytes))).message(); };
  EXPECT_EQ(read(), "");
  EXPECT_EQ(bytes, "2345");
  stop.Ask();
  EXPECT_EQ(read(), "aborted");
}

TEST(StopTest, EndsTheWalkOfATableAfterABlock) {
  std::vector<test::Record> records;
  for (char key = 'a'; key <= 'z'; ++key) records.push_back({std::string(1, key), ""});
  const std::string file = test::BuildTable(records, {.records_per_block = 3});
  const Stop stop;
  int visited = 0;
  const Status status = ForEachInTable(Source(file), "x.index", stop, [&](auto, const auto&) -> Status {
    ++visited;
    stop.Ask();
    return {};
  });
  EXPECT_EQ(status.code(), StatusCode::kAborted);
  EXPECT_EQ(visited, 3);
}

TEST(StopTest, EndsTheOpeningOfACheckpoint) {
  const TemporaryFolder folder;
  BundleBuilder().Write(folder / "m");
  const Stop stop;
  stop.Ask();
  EXPECT_EQ(Checkpoint::OpenBundle(folder / "m", stop).status().code(), StatusCode::kAborted);
  EXPECT_TRUE(Checkpoint::OpenBundle(folder / "m").ok());
}

// Asks for an end as soon as the first block of `part` is there, and says how the emission ended.
std::string EmitUntilTheFirstBlock(const BundleBuilder& builder, const Region& part, PayloadEncoding encoding) {
  const TemporaryFolder folder;
  builder.Write(folder / "m");
  const Stop stop;
  const auto checkpoint = Checkpoint::OpenBundle(folder / "m", stop);
  if (!checkpoint.ok()) return checkpoint.status().message();
  const auto emit = [&](bool asks) {
    const auto emitted = EmitPayload(*checkpoint.value(), {0, part}, encoding, [&](auto) -> Status {
      if (asks) stop.Ask();
      return {};
    });
    return emitted.status().message();
  };
  const std::string message = emit(false);
  return message.empty() ? emit(true) : message;
}

// Nothing of it is wanted, but the checksum wants every byte.
TEST(StopTest, EndsThePassingOverWhatIsLeftOfAPiece) {
  BundleBuilder builder;
  builder.Add("t", DataType::kInt8, {3000000}, std::string(3000000, 'x'));
  EXPECT_EQ(EmitUntilTheFirstBlock(builder, {{0, 1}}, PayloadEncoding::kRaw), "aborted");
}

TEST(StopTest, EndsThePassingOverStrings) {
  BundleBuilder builder;
  builder.AddStrings("t", {1000}, std::vector<std::string>(1000, "text"));
  EXPECT_EQ(EmitUntilTheFirstBlock(builder, {{0, 1}}, PayloadEncoding::kStrings), "aborted");
}

// Reads the last element of a piece of a V1 checkpoint.
std::string ReadLast(const std::string& tensor_proto, DataType dtype, std::uint64_t count, const Stop& stop) {
  const auto reader = OpenV1Piece(Source(tensor_proto), dtype, count, kBlockSize, "tensor 'w'", stop);
  if (!reader.ok()) return reader.status().message();
  return reader.value()->Read(count - 1, 1, [](auto) { return Status(); }).message();
}

TEST(StopTest, EndsThePassingOverNumbersAndStringsOfV1) {
  const std::string numbers = BytesField(7, Varint(1) + Varint(2) + Varint(3));
  const std::string strings = BytesField(8, "a") + BytesField(8, "b");
  const Stop stop;
  EXPECT_EQ(ReadLast(numbers, DataType::kInt32, 3, stop), "");
  EXPECT_EQ(ReadLast(strings, DataType::kString, 2, stop), "");
  stop.Ask();
  EXPECT_EQ(ReadLast(numbers, DataType::kInt32, 3, stop), "aborted");
  EXPECT_EQ(ReadLast(strings, DataType::kString, 2, stop), "aborted");
}

}  // namespace
}  // namespace permafrost
