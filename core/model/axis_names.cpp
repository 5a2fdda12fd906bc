#include "core/model/axis_names.h"

#include <utility>

#include "core/base/error.h"

namespace heed {
namespace {

constexpr std::string_view kSpaceMark = "\u2423";

// One line with every space visible.
std::string mark_spaces(const std::string& text) {
    std::string marked;
    for (const char c : one_line(text)) {
        if (c == ' ') {
            marked += kSpaceMark;
        } else {
            marked += c;
        }
    }
    return marked;
}

class ModelNames : public AxisNames {
  public:
    ModelNames(std::shared_ptr<const Tokenizer> tokenizer, std::vector<std::string> labels)
        : tokenizer_(std::move(tokenizer)), labels_(std::move(labels)) {}

    bool has_names(const Axis& axis) const override {
        if (axis.sequence >= 0) return false;
        return axis.name == "V" ? tokenizer_ != nullptr : axis.name == "P" && !labels_.empty();
    }

    std::string name(const Axis& axis, int position) const override {
        if (!has_names(axis) || position < 0) return "";
        if (axis.name == "V") return word(position);
        const auto at = static_cast<std::size_t>(position);
        return at < labels_.size() ? one_line(labels_[at]) : "";
    }

    std::optional<int> mask_word() const override {
        return tokenizer_ == nullptr ? std::nullopt : tokenizer_->mask_id();
    }

  private:
    std::string word(int id) const {
        // Models pad their vocabularies: an id may have a row and no piece.
        const Tokenizer& tokenizer = tokenizer_->target();
        if (id >= tokenizer.vocabulary_size()) return "";
        try {
            return mark_spaces(display_piece(tokenizer.piece(id), tokenizer.is_byte_level()));
        } catch (const Error&) {
            return "";
        }
    }

    std::shared_ptr<const Tokenizer> tokenizer_;
    std::vector<std::string> labels_;
};

}  // namespace

std::shared_ptr<const AxisNames> make_axis_names(std::shared_ptr<const Tokenizer> tokenizer,
                                                 std::vector<std::string> labels) {
    return std::make_shared<const ModelNames>(std::move(tokenizer), std::move(labels));
}

}  // namespace heed
