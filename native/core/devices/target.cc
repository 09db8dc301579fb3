#include "devices/target.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "devices/device_string.h"
#include "devices/op_view.h"
#include "devices/returned.h"
#include "devices/unusable.h"
#include "tensor/dtype.h"
#include "text.h"

namespace permafrost::devices {
namespace {

constexpr std::size_t kLongestName = 64;
// What version 1 began with. A plugin that was built for it has no more: what was added later must be looked for in
// `struct_size` before it is used.
constexpr std::size_t kSmallestStruct = offsetof(PermafrostDeviceTarget, veto) + sizeof(PermafrostDeviceTarget::veto);
// Room for what may be added to the struct within a version.
constexpr std::size_t kLargestStruct = 4096;
constexpr std::uint32_t kKnownFlags = PERMAFROST_DEVICE_IS_HOST;
constexpr std::uint32_t kAlignmentLimit = 1u << 20;

// What --place and the files of rules say for something else than a target.
constexpr std::array<std::string_view, 2> kReserved = {"clear", "keep"};

// What it points to; as much as may be a name, and one byte more, where it is longer.
std::string_view Text(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text, ::strnlen(text, kLongestName + 1));
}

bool IsTargetName(std::string_view name) {
  const auto is_lower = [](char c) { return c < 'A' || c > 'Z'; };
  return name.size() <= kLongestName && IsDeviceWord(name) && std::ranges::all_of(name, is_lower);
}

// Texts end up on terminals.
bool IsPlain(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return IsUtf8(text) && std::ranges::none_of(text, is_control);
}

// The room that a plugin writes a text to.
class Room {
 public:
  PermafrostSentence* sentence() { return &sentence_; }

  // What is wrong with what was written; empty where nothing is.
  std::string Fault() const {
    if (sentence_.size > buffer_.size()) {
      return std::to_string(sentence_.size) + " bytes where there is room for " + std::to_string(buffer_.size());
    }
    return IsPlain(text()) ? "" : "bytes that are no UTF-8 text of one line: " + Quoted(Printable());
  }
  std::string_view text() const { return {buffer_.data(), sentence_.size}; }

 private:
  // The start of it, in which what is no ASCII is a question mark.
  std::string Printable() const {
    std::string start(text().substr(0, kLongestName));
    std::ranges::replace_if(start, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    return start;
  }

  std::array<char, 1024> buffer_{};
  PermafrostSentence sentence_ = {buffer_.data(), buffer_.size(), 0};
};

// Empty where every one is 0 or 1.
std::string FlagFault(const std::vector<std::uint8_t>& flags, const char* which) {
  const auto junk = std::ranges::find_if(flags, [](std::uint8_t flag) { return flag > 1; });
  if (junk == flags.end()) return "";
  return std::string(which) + '[' + std::to_string(junk - flags.begin()) + "] = " + std::to_string(*junk);
}

// What is wrong with a target before it is asked anything; empty where nothing is.
std::string FaultOf(const PermafrostDeviceTarget& target) {
  if (target.struct_size < kSmallestStruct || target.struct_size > kLargestStruct) {
    return "a target of " + std::to_string(target.struct_size) + " bytes where " + std::to_string(kSmallestStruct) +
           " are expected";
  }
  const std::string_view name = Text(target.name);
  if (!IsTargetName(name)) {
    return "a target with the name " + Quoted(IsPlain(name) ? name : "?") +
           ": lower-case letters, digits and underscores make one, a letter first, 64 at most";
  }
  const std::string who = "target " + Quoted(name) + " has ";
  if (std::ranges::find(kReserved, name) != kReserved.end()) return who + "a name that means something else to --place";
  const std::string_view type = Text(target.device_type);
  if (type.size() > kLongestName || !IsDeviceWord(type)) {
    return who + "the device type " + Quoted(IsPlain(type) ? type : "?") +
           ": letters, digits and underscores make one, a letter first, 64 at most";
  }
  if ((target.flags & ~kKnownFlags) != 0) return who + "flags that nobody knows: 0x" + Hex32(target.flags);
  if (target.format_device == nullptr) return who + "no format_device";
  if (target.find_kernel == nullptr) return who + "no find_kernel";
  return "";
}

}  // namespace

Result<Target> Target::Adopt(const PermafrostDeviceTarget* target, const std::string& plugin) {
  if (target == nullptr) return Unusable("a target that is NULL", plugin);
  if (std::string fault = FaultOf(*target); !fault.empty()) return Unusable(fault, plugin);
  return Target(target, std::string(Text(target->name)), std::string(Text(target->device_type)), plugin);
}

Target::Target(const PermafrostDeviceTarget* functions, std::string name, std::string device_type, std::string plugin)
    : functions_(functions), name_(std::move(name)), device_type_(std::move(device_type)), plugin_(std::move(plugin)) {}

bool Target::SharesTypeWith(const Target& other) const {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(device_type_, other.device_type_, {}, lower, lower);
}

Status Target::Junk(const std::string& answer) const {
  return Unusable("target " + Quoted(name_) + " answers " + answer, plugin_);
}

Result<std::string> Target::DeviceString(std::uint32_t index) const {
  const std::string question = "format_device(" + std::to_string(index) + ") with ";
  Room room;
  std::int32_t answer = 0;
  const auto ask = [&] { answer = functions_->format_device(functions_->context, index, room.sentence()); };
  if (!Returned(ask)) return Junk(question + "an exception");
  if (answer != 0 && answer != 1) return Junk(question + std::to_string(answer));
  if (const std::string fault = room.Fault(); !fault.empty()) return Junk(question + fault);
  if (answer == 0) {
    std::string message = "no such device";
    if (!room.text().empty()) message.append(" (").append(room.text()).append(")");
    return Status(StatusCode::kDeviceUnknown, message + ": " + name_ + ":" + std::to_string(index));
  }
  if (!NamesDevice(room.text(), device_type_, index)) {
    return Junk(question + Quoted(room.text()) + ", which does not name " + device_type_ + " " + std::to_string(index));
  }
  return std::string(room.text());
}

Result<KernelAnswer> Target::FindKernel(const OpKind& kind) const {
  const std::string question = "find_kernel(" + Quoted(kind.name) + ") with ";
  const OpView view(kind);
  std::vector<std::uint8_t> host_inputs(kind.inputs.size());
  std::vector<std::uint8_t> host_outputs(kind.outputs.size());
  Room room;
  PermafrostKernel kernel = {host_inputs.data(), host_outputs.data(), *room.sentence()};
  std::int32_t state = 0;
  const auto ask = [&] { state = functions_->find_kernel(functions_->context, view.op(), &kernel); };
  if (!Returned(ask)) return Junk(question + "an exception");
  room.sentence()->size = kernel.reason.size;
  if (const std::string fault = room.Fault(); !fault.empty()) return Junk(question + fault);
  KernelAnswer answer;
  answer.reason = room.text();
  switch (state) {
    case PERMAFROST_NO_KERNEL:
      answer.state = KernelState::kNone;
      return answer;
    case PERMAFROST_UNKNOWN_OP:
      answer.state = KernelState::kUnknownOp;
      return answer;
    case PERMAFROST_HAS_KERNEL:
      break;
    default:
      return Junk(question + "state " + std::to_string(state));
  }
  for (const auto& fault : {FlagFault(host_inputs, "host_inputs"), FlagFault(host_outputs, "host_outputs")}) {
    if (!fault.empty()) return Junk(question + fault);
  }
  answer.state = KernelState::kExists;
  answer.host_inputs.assign(host_inputs.begin(), host_inputs.end());
  answer.host_outputs.assign(host_outputs.begin(), host_outputs.end());
  return answer;
}

Result<std::optional<std::string>> Target::Veto(std::string_view node, const OpKind& kind, std::uint32_t device) const {
  using Refusal = std::optional<std::string>;
  if (!refuses()) return Refusal();
  const std::string question = "veto(" + Quoted(node) + ") with ";
  const OpView view(kind);
  const PermafrostNode asked = {ToText(node), view.op(), device};
  Room room;
  std::int32_t answer = 0;
  const auto ask = [&] { answer = functions_->veto(functions_->context, &asked, room.sentence()); };
  if (!Returned(ask)) return Junk(question + "an exception");
  if (answer != 0 && answer != 1) return Junk(question + std::to_string(answer));
  if (const std::string fault = room.Fault(); !fault.empty()) return Junk(question + fault);
  return answer == 0 ? Refusal() : Refusal(std::string(room.text()));
}

Result<ConstantWish> Target::WishFor(std::int32_t dtype) const {
  if (functions_->want_constant == nullptr) return ConstantWish{dtype, 1};
  const std::string question = "want_constant(" + std::string(DataTypeName(static_cast<DataType>(dtype))) + ") with ";
  PermafrostConstant constant = {dtype, 1};
  if (!Returned([&] { functions_->want_constant(functions_->context, &constant); })) {
    return Junk(question + "an exception");
  }
  if (!IsKnown(static_cast<DataType>(constant.dtype))) {
    return Junk(question + "dtype " + std::to_string(constant.dtype) + ", which does not exist");
  }
  if (!std::has_single_bit(constant.alignment) || constant.alignment >= kAlignmentLimit) {
    return Junk(question + "an alignment of " + std::to_string(constant.alignment) +
                ", which is no power of two below 2^20");
  }
  return ConstantWish{constant.dtype, constant.alignment};
}

}  // namespace permafrost::devices
