#include "devices/op_view.h"

namespace permafrost::devices {
namespace {

std::vector<PermafrostTensor> Tensors(const std::vector<OpTensor>& tensors) {
  std::vector<PermafrostTensor> view;
  view.reserve(tensors.size());
  for (const OpTensor& tensor : tensors) view.push_back({ToText(tensor.argument), tensor.dtype});
  return view;
}

std::vector<PermafrostTypes> Types(const std::vector<TypeAttribute>& types) {
  std::vector<PermafrostTypes> view;
  view.reserve(types.size());
  for (const TypeAttribute& type : types) view.push_back({ToText(type.name), type.dtypes.data(), type.dtypes.size()});
  return view;
}

}  // namespace

OpView::OpView(const OpKind& kind)
    : types_(Types(kind.types)),
      inputs_(Tensors(kind.inputs)),
      outputs_(Tensors(kind.outputs)),
      op_{ToText(kind.name), types_.data(),   types_.size(),  inputs_.data(),
          inputs_.size(),    outputs_.data(), outputs_.size()} {}

}  // namespace permafrost::devices
