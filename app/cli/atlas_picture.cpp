#include "app/cli/atlas_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/text/type.h"
#include "app/ui/colour_scale.h"
#include "app/ui/numbers.h"
#include "app/ui/theme.h"

namespace heed::app {
namespace {

constexpr float kEdge = 24;
constexpr float kRow = 22;
constexpr float kColumn = 62;
constexpr float kTitle = 54;
constexpr float kHeader = 96;
constexpr float kGroup = 8;  // between sites
constexpr float kAdvance = 0.6F;
constexpr float kSlant_rad = -0.9F;
constexpr int kMostLabels = 2;

struct Column {
    std::string title;
    bool is_share = true;  // of 0 to 1, coloured
};

// The measures that are shares first, what has a unit last.
constexpr std::array kMeasures{
    HeadMetric::kPrevious, HeadMetric::kNext,    HeadMetric::kOwn,       HeadMetric::kFirst,
    HeadMetric::kSpecial,  HeadMetric::kMarks,   HeadMetric::kDuplicate, HeadMetric::kConfidence,
    HeadMetric::kEntropy,  HeadMetric::kDistance};

class Painter {
  public:
    explicit Painter(const Atlas& atlas) : atlas_(atlas) {
        for (const HeadMetric metric : kMeasures) {
            const HeadMetricRow& row = head_metric_row(metric);
            columns_.push_back({std::string(row.title), row.is_weight});
        }
        columns_.push_back({"induction (random)", true});
        for (const AtlasKind& kind : atlas.kinds) columns_.push_back({kind.name, true});
    }

    Figure paint() {
        for (const AtlasHead& head : atlas_.heads) {
            name_w_ = std::max(name_w_, width_of(name_of(head)) + 16);
        }
        draw_title();
        draw_header();
        float y = kEdge + kTitle + kHeader;
        float right = kEdge + name_w_ + kColumn * static_cast<float>(columns_.size());
        const AtlasHead* before = nullptr;
        for (const AtlasHead& head : atlas_.heads) {
            if (before != nullptr && before->site != head.site) y += kGroup;
            right = std::max(right, draw_head(head, y));
            y += kRow;
            before = &head;
        }
        if (!atlas_.kinds.empty()) {
            y += kGroup;
            draw_baselines(y);
            y += kRow;
        }
        figure_.width = std::max(right, title_right_) + kEdge;
        figure_.height = y + kEdge;
        figure_.ground = theme_.surface;
        for (DrawnItem& item : figure_.items) item.clip = {0, 0, figure_.width, figure_.height};
        return std::move(figure_);
    }

  private:
    static float width_of(std::string_view text, Type type = Type::kNumberSmall) {
        const auto characters = std::count_if(text.begin(), text.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        });
        return static_cast<float>(characters) * kAdvance * face_of(type).em_px;
    }
    static std::string name_of(const AtlasHead& head) {
        return head.site + "." + std::to_string(head.head);
    }
    float column_x(std::size_t i) const {
        return kEdge + name_w_ + kColumn * static_cast<float>(i);
    }
    void write(Point start, std::string text, Colour colour, float angle_rad = 0) {
        figure_.items.push_back(
            {drawn::Text{start, angle_rad, 0, Type::kNumberSmall, colour, std::move(text)}, {}});
    }

    void draw_title() {
        figure_.title = "What the heads of " + atlas_.model + " do";
        const std::string note = fmt::format(
            "means over {} texts, {} tokens; weights 0 to 1, entropy in bits, distance "
            "in tokens",
            atlas_.texts, atlas_.tokens);
        figure_.description = figure_.title + ": " + note;
        write({kEdge, kEdge + 8}, figure_.title, theme_.ink);
        write({kEdge, kEdge + 28}, note, theme_.ink_second);
        title_right_ = kEdge + std::max(width_of(figure_.title), width_of(note));
    }

    void draw_header() {
        const float y = kEdge + kTitle + kHeader - 12;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            write({column_x(i) + 14, y}, columns_[i].title, theme_.ink_second, kSlant_rad);
        }
    }

    void draw_number(std::size_t column, float y, std::optional<double> value) {
        if (!value) return;
        const Rect cell{column_x(column), y, kColumn - 2, kRow - 2};
        Colour ink = theme_.ink;
        if (columns_[column].is_share) {
            const ColourScale scale{ColourScale::Kind::kWeights, ValueScale::kLinear, 1, {}};
            const Colour ground = scale.colour(theme_, static_cast<float>(*value));
            figure_.items.push_back({drawn::Filled{cell, ground, 3}, {}});
            ink = ink_on(theme_, ground);
        }
        std::string text(format_number(*value, 2).view());
        const float width = width_of(text);
        write({cell.right() - 10 - width, cell.centre().y}, std::move(text), ink);
    }

    // The right end of what is drawn.
    float draw_head(const AtlasHead& head, float y) {
        write({kEdge, y + (kRow - 2) / 2}, name_of(head), theme_.ink);
        std::size_t column = 0;
        for (const HeadMetric metric : kMeasures) draw_number(column++, y, head.measures[metric]);
        draw_number(column++, y, head.repeats);
        for (const std::optional<double>& share : head.hits) draw_number(column++, y, share);
        std::string labels;
        int count = 0;
        for (const HeadLabel& label : list_head_labels(atlas_, head)) {
            if (++count > kMostLabels) break;
            labels +=
                fmt::format("{}{} {:.2f}", labels.empty() ? "" : ", ", label.text, label.value);
        }
        const float x = column_x(column) + 10;
        const float right = x + width_of(labels);
        if (!labels.empty()) write({x, y + (kRow - 2) / 2}, std::move(labels), theme_.accent);
        return right;
    }

    void draw_baselines(float y) {
        write({kEdge, y + (kRow - 2) / 2}, "best offset", theme_.ink_second);
        std::size_t column = columns_.size() - atlas_.kinds.size();
        for (const AtlasKind& kind : atlas_.kinds) draw_number(column++, y, kind.baseline);
    }

    const Atlas& atlas_;
    const Theme& theme_ = theme_of(ThemeKind::kLight);
    std::vector<Column> columns_;
    Figure figure_;
    float name_w_ = 80;
    float title_right_ = 0;
};

}  // namespace

Figure draw_atlas(const Atlas& atlas) {
    return Painter(atlas).paint();
}

}  // namespace heed::app
