"""Pages of this room."""

from django.urls import path

from apps.feedback.views import access, desk, exports, items, library

app_name = "feedback"
urlpatterns = [
    path("", library.Library.as_view(), name="library"),
    path("documents/<uuid:document_id>/", desk.Desk.as_view(), name="desk"),
    path("documents/<uuid:document_id>/access/", access.Access.as_view(), name="access"),
    path("documents/<uuid:document_id>/remarks/", items.AddRemark.as_view(), name="remark"),
    path("documents/<uuid:document_id>/revert-all/", desk.RevertAll.as_view(), name="revert_all"),
    path("documents/<uuid:document_id>/revert-all/undo/", desk.UndoRevertAll.as_view(), name="undo_revert_all"),
    path("documents/<uuid:document_id>/preview/", exports.Preview.as_view(), name="preview"),
    path("documents/<uuid:document_id>/finish/", desk.Finish.as_view(), name="finish"),
    path("documents/<uuid:document_id>/reopen/", desk.Reopen.as_view(), name="reopen"),
    path("documents/<uuid:document_id>/again/", desk.Again.as_view(), name="again"),
    path("documents/<uuid:document_id>/export/", exports.Make.as_view(), name="export"),
    path("exports/<uuid:export_id>/", exports.Take.as_view(), name="export_file"),
    path("items/<uuid:item_id>/", items.Show.as_view(), name="item"),
    path("items/<uuid:item_id>/decide/", items.Decide.as_view(), name="decide"),
    path("items/<uuid:item_id>/reword/", items.Reword.as_view(), name="reword"),
    path("items/<uuid:item_id>/remove/", items.Remove.as_view(), name="remove"),
]
