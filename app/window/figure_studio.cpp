#include "app/window/figure_studio.h"

#include <imgui.h>

#include <algorithm>
#include <cfloat>
#include <chrono>
#include <exception>
#include <map>
#include <thread>
#include <utility>

#include "app/ui/draw.h"
#include "core/base/check.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

constexpr std::string_view kPrefix = "view/";
// Areas that scroll know their content's size after the first frame and stand in place after the
// second.
constexpr int kFramesBefore = 2;
constexpr std::chrono::seconds kLongestWait{60};
constexpr float kMargin = 12;  // design pixels around a figure
constexpr int kMostSide = 16384;

// Keeps what was painted: a figure needs the texels themselves.
class KeptPictures final : public PictureStore {
  public:
    Picture get(std::string_view id, std::uint64_t version, int width, int height,
                const Paint& paint) override {
        Kept& kept = pictures_[std::string(id)];
        if (kept.width != width || kept.height != height || kept.version != version) {
            kept = {version, width, height, {}};
            kept.texels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
            paint(kept.texels);
        }
        return {this, 1, 1, width, height, kept.texels};
    }
    std::optional<Picture> find(std::string_view id, std::uint64_t version, int width,
                                int height) override {
        const auto at = pictures_.find(id);
        if (at == pictures_.end()) return std::nullopt;
        const Kept& kept = at->second;
        if (kept.width != width || kept.height != height || kept.version != version) {
            return std::nullopt;
        }
        return Picture{this, 1, 1, width, height, kept.texels};
    }
    int max_side() const override { return kMostSide; }

  private:
    struct Kept {
        std::uint64_t version = 0;
        int width = 0;
        int height = 0;
        std::vector<std::uint32_t> texels;
    };
    std::map<std::string, Kept, std::less<>> pictures_;
};

// Does each job in the frame that asks for it, unless `first` has its result already.
class JobsAtOnce final : public JobStore {
  public:
    explicit JobsAtOnce(JobStore* first) : first_(first) {}

    JobState ask(std::string_view id, std::uint64_t version, const Work& work) override {
        if (first_ != nullptr) {
            JobState state = first_->ask(id, version, work);
            if (state.is_current) return state;
        }
        const std::pair key{std::string(id), version};
        if (const auto at = done_.find(key); at != done_.end()) return at->second;
        JobState state;
        try {
            state = {work(CancelToken()), true, ""};
        } catch (const Error& error) {
            state.problem = error.what();
        }
        return done_.emplace(key, std::move(state)).first->second;
    }

  private:
    JobStore* first_;
    std::map<std::pair<std::string, std::uint64_t>, JobState> done_;
};

std::string whole_id(const ViewEntry& view) {
    return std::string(kPrefix) + std::string(view.name);
}

bool shows_title(const Figure& figure, const std::string& title) {
    return std::any_of(figure.items.begin(), figure.items.end(), [&](const DrawnItem& item) {
        const auto* text = std::get_if<drawn::Text>(&item.shape);
        return text != nullptr && (text->type == Type::kTitle || text->text == title);
    });
}

std::string describe(const Document& document, const std::string& title) {
    const RunInputs& inputs = document.trace()->inputs();
    std::string text = title;
    if (!inputs.model.empty()) text += " \u00b7 " + inputs.model;
    if (!inputs.text.empty()) text += " \u00b7 " + inputs.text;
    return text;
}

Colour ground_of(FigureGround ground, const Theme& theme) {
    if (ground == FigureGround::kWhite) return rgb(0xFFFFFF);
    if (ground == FigureGround::kNone) return {0, 0, 0, 0};
    return theme.surface;
}

const FigureArea& choose(const std::vector<FigureArea>& areas, const FigureWish& wish) {
    if (wish.id.empty()) {
        const auto at = std::find_if(areas.begin(), areas.end(), [&](const FigureArea& area) {
            return !wish.wants_numbers || area.numbers != nullptr;
        });
        return at == areas.end() ? areas.back() : *at;
    }
    const auto at = std::find_if(areas.begin(), areas.end(),
                                 [&](const FigureArea& area) { return area.id == wish.id; });
    if (at != areas.end()) return *at;
    std::string ids;
    for (const FigureArea& area : areas) ids += (ids.empty() ? "" : ", ") + area.id;
    throw Error("figure", "", "one of " + ids, in_quotes(wish.id));
}

}  // namespace

// One view, drawn for its figures; everything else is as before once it is gone.
class FigureStudio::Sitting {
  public:
    Sitting(FigureStudio& studio, Document& document, const ViewEntry& view, const FigurePage& page)
        : studio_(studio),
          document_(document),
          view_(view),
          page_(page),
          window_context_(ImGui::GetCurrentContext()),
          states_(document.views),
          jobs_(page.jobs) {
        HEED_CHECK(document.trace() != nullptr);
        ImGui::SetCurrentContext(studio.context_);
        ImGuiIO& io = ImGui::GetIO();
        io.DisplaySize = {page.width, page.height};
        io.DeltaTime = 1.0F / 60;
        io.MousePos = {-FLT_MAX, -FLT_MAX};
        Fonts& fonts = studio.fonts_;
        if (fonts.scale() != page.scale || !fonts.is_built()) fonts.build(page.scale);
    }
    ~Sitting() {
        document_.views = std::move(states_);
        ImGui::SetCurrentContext(window_context_);
    }
    Sitting(const Sitting&) = delete;
    Sitting& operator=(const Sitting&) = delete;

    // Draws until the areas stand in place and no value that the view reads is on its way. Throws
    // Error where they do not come.
    void settle() {
        const auto end = std::chrono::steady_clock::now() + kLongestWait;
        for (int settled = 0; settled < kFramesBefore;) {
            draw_frame(false, [](UiContext&) {});
            settled = document_.is_pending() ? 0 : settled + 1;
            while (document_.is_pending()) {
                if (std::chrono::steady_clock::now() > end) {
                    throw Error("figure", "", "its values in time", "values still on their way");
                }
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        }
    }

    // Draws the frame that is recorded; `use` runs before it ends.
    template <class Use>
    void record(const Use& use) {
        draw_frame(true, use);
    }

    Drawing drawing;
    std::vector<FigureArea> areas;

  private:
    template <class Use>
    void draw_frame(bool records, const Use& use) {
        studio_.fonts_.begin_frame();
        ImGui::NewFrame();
        items_.begin_frame(false);
        begin_controls(controls_, false);
        UiContext ui{page_.theme, studio_.fonts_, studio_.actions_, items_, pictures_,
                     hover_,      jobs_,          controls_};
        ui.scale = page_.scale;
        ui.now_s = now_s_ += 1.0 / 60;
        ui.trace_number = document_.trace_number();
        ui.trace = document_.trace();
        ui.other_trace = document_.other_trace();
        ui.atlas = document_.atlas();
        ui.reduces_motion = true;
        ui.scrolls = page_.scrolls;
        ui.restores_scrolls = true;
        if (records) {
            ui.drawing = &drawing;
            ui.figures = &areas;
        }
        const Rect rect{0, 0, page_.width, page_.height};
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize({page_.width, page_.height});
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        ImGui::Begin("##screen", nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                         ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoSavedSettings |
                         ImGuiWindowFlags_NoNav);
        view_.draw(document_, rect, ui);
        mark_figure(ui, whole_id(view_), std::string(view_.title), rect);
        // A frame that was begun is ended, whatever `use` says.
        std::exception_ptr refusal;
        try {
            use(ui);
        } catch (const Error&) {
            refusal = std::current_exception();
        }
        end_controls(ui);
        ImGui::End();
        ImGui::PopStyleVar();
        ImGui::EndFrame();
        if (refusal != nullptr) std::rethrow_exception(refusal);
    }

    FigureStudio& studio_;
    Document& document_;
    const ViewEntry& view_;
    const FigurePage& page_;
    ImGuiContext* window_context_;
    ViewStates states_;
    KeptPictures pictures_;
    JobsAtOnce jobs_;
    ItemLog items_;
    HoverClock hover_;
    ControlState controls_;
    double now_s_ = 0;
};

FigureStudio::FigureStudio() {
    ImGuiContext* window_context = ImGui::GetCurrentContext();
    context_ = ImGui::CreateContext();
    ImGui::SetCurrentContext(context_);
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().LogFilename = nullptr;
    ImGui::GetStyle().WindowMinSize = {1, 1};
    ImGui::GetStyle().WindowBorderSize = 0;
    ImGui::SetCurrentContext(window_context);
}

FigureStudio::~FigureStudio() {
    ImGuiContext* window_context = ImGui::GetCurrentContext();
    ImGui::DestroyContext(context_);
    ImGui::SetCurrentContext(window_context == context_ ? nullptr : window_context);
}

std::vector<ListedFigure> FigureStudio::list(Document& document, const ViewEntry& view,
                                             const FigurePage& page) {
    Sitting sitting(*this, document, view, page);
    sitting.settle();
    sitting.record([](UiContext&) {});
    std::vector<ListedFigure> figures;
    for (const FigureArea& area : sitting.areas) {
        figures.push_back({area.id, area.title, area.numbers != nullptr, area.rect});
    }
    return figures;
}

MadeFigure FigureStudio::make(Document& document, const ViewEntry& view, const FigurePage& page,
                              const FigureWish& wish) {
    Sitting sitting(*this, document, view, page);
    MadeFigure made;
    sitting.settle();
    sitting.record([&](UiContext& ui) {
        const FigureArea& area = choose(sitting.areas, wish);
        made.id = area.id;
        if (wish.wants_numbers) {
            if (area.numbers == nullptr) {
                throw Error("figure",
                            area.id + " has no numbers: to save or copy them is not possible");
            }
            made.numbers = area.numbers();
            return;
        }
        const bool is_whole = area.id == whole_id(view);
        const float margin = is_whole ? 0 : ui.px(kMargin);
        made.figure = cut_figure(sitting.drawing, area.rect,
                                 {page.scale, margin, ground_of(wish.ground, ui.theme), true});
        made.figure.title = area.title;
        made.figure.description = describe(document, area.title);
        if (!wish.has_title || is_whole || shows_title(made.figure, area.title)) return;
        add_title(made.figure, area.title, Type::kTitle, ui.theme.ink,
                  measure_text(ui, Type::kTitle, area.title), ui.px(24), margin);
    });
    return made;
}

const ViewEntry* find_view_of_figure(std::string_view id) {
    if (id.substr(0, kPrefix.size()) != kPrefix) return nullptr;
    const std::string_view rest = id.substr(kPrefix.size());
    const int view = find_view(rest.substr(0, rest.find('/')));
    return view < 0 ? nullptr : &all_views()[static_cast<std::size_t>(view)];
}

}  // namespace heed::app
